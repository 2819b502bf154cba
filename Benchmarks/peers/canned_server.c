// An HTTP/2 server that computes nothing: every call gets the same bytes after a given time, from the thread that reads the
// socket. What a client measures beyond that time is the client's own, the loopback's and one wakeup.
//
//     cc -O2 -pthread canned_server.c -o canned_server -lnghttp2
//     canned_server REPLY MICROSECONDS
//
// REPLY is a file with one response message. The time is spent busy, as a server that computes would. Ends when standard
// input is closed.
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <nghttp2/nghttp2.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

// The response message behind gRPC's prefix of five bytes, and what one stream has sent of it.
static unsigned char *framed;
static size_t framed_count;
// How long a call takes.
static int64_t nanoseconds;

static void fail(const char *what) {
    perror(what);
    exit(1);
}

static nghttp2_nv field(const char *name, const char *value) {
    return (nghttp2_nv){(uint8_t *)name, (uint8_t *)value, strlen(name), strlen(value), NGHTTP2_NV_FLAG_NONE};
}

static ssize_t content(nghttp2_session *session, int32_t stream, uint8_t *target, size_t room, uint32_t *flags,
                       nghttp2_data_source *source, void *user) {
    size_t sent = (size_t)(uintptr_t)nghttp2_session_get_stream_user_data(session, stream);
    size_t count = framed_count - sent < room ? framed_count - sent : room;
    memcpy(target, framed + sent, count);
    nghttp2_session_set_stream_user_data(session, stream, (void *)(uintptr_t)(sent + count));
    if (sent + count == framed_count) {
        *flags |= NGHTTP2_DATA_FLAG_EOF | NGHTTP2_DATA_FLAG_NO_END_STREAM;
        nghttp2_nv trailer = field("grpc-status", "0");
        nghttp2_submit_trailer(session, stream, &trailer, 1);
    }
    return (ssize_t)count;
}

static int64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000000 + time.tv_nsec;
}

static int on_frame(nghttp2_session *session, const nghttp2_frame *frame, void *user) {
    int is_request = frame->hd.type == NGHTTP2_DATA || frame->hd.type == NGHTTP2_HEADERS;
    if (!is_request || !(frame->hd.flags & NGHTTP2_FLAG_END_STREAM)) return 0;
    for (int64_t end = now() + nanoseconds; now() < end;) {}
    nghttp2_nv head[] = {field(":status", "200"), field("content-type", "application/grpc")};
    nghttp2_data_provider provider = {.read_callback = content};
    return nghttp2_submit_response(session, frame->hd.stream_id, head, 2, &provider);
}

static int send_all(int fd, nghttp2_session *session) {
    unsigned char output[1 << 16];
    size_t used = 0;
    const uint8_t *chunk;
    for (ssize_t count; (count = nghttp2_session_mem_send(session, &chunk)) != 0; used += (size_t)count) {
        if (count < 0) return -1;
        if (used + (size_t)count > sizeof output) {
            if (send(fd, output, used, MSG_NOSIGNAL) < 0) return -1;
            used = 0;
        }
        memcpy(output + used, chunk, (size_t)count);
    }
    return used > 0 && send(fd, output, used, MSG_NOSIGNAL) < 0 ? -1 : 0;
}

static void *serve(void *argument) {
    int fd = (int)(intptr_t)argument, yes = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    nghttp2_session_callbacks *callbacks;
    nghttp2_session *session;
    nghttp2_session_callbacks_new(&callbacks);
    nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks, on_frame);
    nghttp2_session_server_new(&session, callbacks, NULL);
    nghttp2_submit_settings(session, NGHTTP2_FLAG_NONE, NULL, 0);
    unsigned char input[1 << 16];
    for (ssize_t count; send_all(fd, session) == 0 && (count = recv(fd, input, sizeof input, 0)) > 0;)
        if (nghttp2_session_mem_recv(session, input, (size_t)count) < 0) break;
    nghttp2_session_del(session);
    nghttp2_session_callbacks_del(callbacks);
    close(fd);
    return NULL;
}

static void read_reply(const char *path) {
    FILE *file = fopen(path, "rb");
    if (!file || fseek(file, 0, SEEK_END) != 0) fail(path);
    size_t count = (size_t)ftell(file);
    rewind(file);
    framed_count = count + 5;
    framed = calloc(1, framed_count);
    uint32_t length = htonl((uint32_t)count);
    memcpy(framed + 1, &length, sizeof length);
    if (fread(framed + 5, 1, count, file) != count) fail(path);
    fclose(file);
}

static void *accept_all(void *argument) {
    for (int fd; (fd = accept((int)(intptr_t)argument, NULL, NULL)) >= 0;) {
        pthread_t thread;
        if (pthread_create(&thread, NULL, serve, (void *)(intptr_t)fd) != 0) fail("pthread_create");
        pthread_detach(thread);
    }
    return NULL;
}

int main(int count, char **arguments) {
    if (count != 3) {
        fprintf(stderr, "usage: canned_server REPLY MICROSECONDS\n");
        return 2;
    }
    nanoseconds = 1000 * atoll(arguments[2]);
    read_reply(arguments[1]);
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;
    if (bind(listener, (struct sockaddr *)&address, length) != 0 || listen(listener, 64) != 0 ||
        getsockname(listener, (struct sockaddr *)&address, &length) != 0)
        fail("listen");
    pthread_t thread;
    if (pthread_create(&thread, NULL, accept_all, (void *)(intptr_t)listener) != 0) fail("pthread_create");
    printf("serving on 127.0.0.1:%d\n", ntohs(address.sin_port));
    fflush(stdout);
    while (getchar() != EOF) {}
    return 0;
}
