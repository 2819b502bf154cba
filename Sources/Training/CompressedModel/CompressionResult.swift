public import DIEN
public import Tensors

/// What compressing a model came to.
public struct CompressionResult: Sendable {
    /// One table.
    public struct Table: Sendable {
        /// Its name.
        public let name: String
        /// Its elements before and after.
        public let before: ElementType, after: ElementType
        /// Its bytes before and after, scales included.
        public let bytesBefore: UInt64, bytesAfter: UInt64
    }

    /// One file of tensors.
    public struct Size: Sendable {
        /// Its name.
        public let name: String
        /// Its bytes before and after.
        public let bytesBefore: UInt64, bytesAfter: UInt64
    }

    /// In the order of the files.
    public let tables: [Table]
    /// model.safetensors, then the files of tables.
    public let files: [Size]
    /// What its golden requests change by.
    public let golden: GoldenReport
    /// What the network is computed in.
    public let precision: Precision
}
