extension Registry {
    /// The first of the epochs, without a break up to `state`, in which a model has had the same `fact`: since when a
    /// split has had its coverage, say. Throws `.unknownModel` where `state` lacks the model.
    public func origin<Fact: Equatable>(
        of model: String, in state: RegistryState, _ fact: (RegisteredModel) -> Fact
    ) throws(RegistryError) -> RegistryState {
        let now = fact(try state.model(model))
        var origin = state
        while origin.epoch > 1 {
            let before = try self.state(epoch: origin.epoch - 1)
            guard let model = before.models[model], fact(model) == now else { break }
            origin = before
        }
        return origin
    }
}
