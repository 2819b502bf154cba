import NIOCore
import NIOHTTP1

/// One HTTP/1.1 connection to the admin port: answers a request at a time, and is cut when the client is slow.
final class AdminConnection: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let routes: AdminRoutes
    private let configuration: AdminConfiguration
    private var head: HTTPRequestHead?
    private var timer: Scheduled<Void>?

    init(routes: AdminRoutes, configuration: AdminConfiguration) {
        self.routes = routes
        self.configuration = configuration
    }

    func handlerAdded(context: ChannelHandlerContext) {
        closeUnlessDone(in: configuration.requestTimeout, context)
    }

    func handlerRemoved(context: ChannelHandlerContext) { timer?.cancel() }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): self.head = head
        case .body:
            // No route takes a body, so none is read to its end.
            guard let head else { return }
            self.head = nil
            let response = AdminRoutes.Response(status: .payloadTooLarge, body: "no body is taken here\n")
            answer(response, to: head, keepAlive: false, context)
        case .end:
            guard let head else { return }
            self.head = nil
            let response = routes.response(to: head.method, head.uri)
            answer(response, to: head, keepAlive: head.isKeepAlive, context)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    private func answer(
        _ response: AdminRoutes.Response, to request: HTTPRequestHead, keepAlive: Bool,
        _ context: ChannelHandlerContext
    ) {
        closeUnlessDone(in: configuration.requestTimeout, context)
        let body = ByteBuffer(string: response.body)
        var head = HTTPResponseHead(version: request.version, status: response.status)
        head.headers = [
            "content-type": response.contentType, "content-length": "\(body.readableBytes)",
            "cache-control": "no-store", "x-content-type-options": "nosniff",
            "connection": keepAlive ? "keep-alive" : "close",
        ]
        for field in response.headers { head.headers.add(name: field.name, value: field.value) }
        if response.status == .methodNotAllowed { head.headers.add(name: "allow", value: "GET, HEAD") }
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        if request.method != .HEAD { context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil) }
        let sent = context.eventLoop.makePromise(of: Void.self)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: sent)
        let bound = NIOLoopBound((handler: self, context: context), eventLoop: context.eventLoop)
        sent.futureResult.whenComplete { _ in
            let (handler, context) = bound.value
            if keepAlive {
                handler.closeUnlessDone(in: handler.configuration.keepAliveTimeout, context)
            } else {
                context.close(promise: nil)
            }
        }
    }

    /// One timer a connection: bytes that trickle in do not move it.
    private func closeUnlessDone(in time: TimeAmount, _ context: ChannelHandlerContext) {
        timer?.cancel()
        let channel = context.channel
        timer = context.eventLoop.scheduleTask(in: time) { channel.close(promise: nil) }
    }
}
