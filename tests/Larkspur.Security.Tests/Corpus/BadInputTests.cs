using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Larkspur.Gateway.Tests;

namespace Larkspur.Security.Tests.Corpus;

/// <summary>What hostile and broken senders get: a 4xx at once, a counter, and nothing stored.</summary>
public sealed class BadInputTests(GatewayFixture fixture, ITestOutputHelper output) : IClassFixture<GatewayFixture>
{
    private readonly FeishuPush _push = fixture.Push;

    [Fact]
    public Task A_wrong_signature_is_refused() => Refused(401, "wrong_signature", eventId =>
    {
        var request = _push.Request(Valid(eventId));
        request.Headers.Remove("X-Lark-Signature");
        request.Headers.Add("X-Lark-Signature", new string('0', 64));
        return request;
    });

    [Fact]
    public Task Missing_headers_are_refused_while_an_Encrypt_Key_is_set() => Refused(401, "missing_signature", eventId =>
    {
        var request = _push.Request(Valid(eventId));
        request.Headers.Remove("X-Lark-Signature");
        request.Headers.Remove("X-Lark-Request-Timestamp");
        request.Headers.Remove("X-Lark-Request-Nonce");
        return request;
    });

    [Fact]
    public Task A_body_that_claims_to_be_compressed_is_refused() => Refused(415, "content_encoding", eventId =>
    {
        var request = _push.Request(Valid(eventId));
        request.Content!.Headers.ContentEncoding.Add("gzip");
        return request;
    });

    [Fact]
    public Task A_stale_timestamp_is_refused() => Refused(401, "outside_window", eventId => _push.Request(Valid(eventId), DateTimeOffset.UtcNow.AddYears(-10)));

    [Fact]
    public Task A_timestamp_from_the_future_is_refused() => Refused(401, "outside_window", eventId => _push.Request(Valid(eventId), DateTimeOffset.UtcNow.AddMinutes(6)));

    [Fact]
    public Task A_tampered_body_is_refused() => Refused(401, "wrong_signature", eventId =>
    {
        var request = _push.Request(Valid(eventId));
        var body = Valid(eventId);
        body[^5] ^= 1;
        request.Content = Json(body);
        return request;
    });

    [Fact]
    public Task Truncated_base64_is_refused() => Refused(400, "undecryptable", eventId =>
    {
        var text = Encoding.UTF8.GetString(Valid(eventId));
        return _push.Request(Encoding.UTF8.GetBytes(string.Concat(text.AsSpan(0, text.Length - 7), "\"}")));
    });

    [Fact]
    public Task A_plain_event_is_refused_while_an_Encrypt_Key_is_set() => Refused(401, "not_encrypted", eventId =>
        _push.Request(Encoding.UTF8.GetBytes(_push.Envelope("im.message.receive_v1", FeishuPush.Message("hi"), eventId))));

    [Fact]
    public Task Invalid_UTF_8_is_refused() => Refused(400, "malformed", _ => _push.Request([(byte)'{', (byte)'"', 0xC3, 0x28, (byte)'"', (byte)':', (byte)'1', (byte)'}']));

    [Fact]
    public Task JSON_of_ten_thousand_levels_is_refused() => Refused(400, "malformed", _ =>
        _push.Request(Encoding.UTF8.GetBytes("{\"encrypt\":" + new string('[', 10_000) + new string(']', 10_000) + "}")));

    [Fact]
    public Task JSON_of_ten_thousand_levels_inside_the_encryption_is_refused() => Refused(400, "malformed", _ =>
        _push.Request(Encoding.UTF8.GetBytes(_push.Encrypt("{\"schema\":\"2.0\",\"event\":" + new string('[', 10_000) + new string(']', 10_000) + "}"))));

    [Fact]
    public Task A_wrong_token_is_refused() => Refused(401, "wrong_token", eventId =>
        _push.Request(Encoding.UTF8.GetBytes(_push.Encrypt(new FeishuPush { Token = "another" }.Envelope("im.message.receive_v1", "{}", eventId)))));

    [Fact]
    public Task An_event_of_another_app_is_refused() => Refused(403, "wrong_app", eventId =>
        _push.Request(Encoding.UTF8.GetBytes(_push.Encrypt(new FeishuPush { AppId = "cli_other" }.Envelope("im.message.receive_v1", "{}", eventId)))));

    [Fact]
    public Task A_wrong_content_type_is_refused() => Refused(415, "unsupported_content_type", eventId =>
    {
        var request = _push.Request(Valid(eventId));
        request.Content!.Headers.ContentType = new MediaTypeHeaderValue("text/plain");
        return request;
    });

    [Fact]
    public Task An_empty_body_is_refused() => Refused(400, "malformed", _ => _push.Request([]));

    [Fact]
    public Task A_10_MB_body_is_refused() => Refused(413, "too_large", _ => _push.Request(new byte[10 << 20]));

    [Fact]
    public Task GET_is_refused() => Refused(405, "method_not_allowed", _ => new HttpRequestMessage(HttpMethod.Get, "/webhook/feishu"));

    [Fact]
    public Task An_app_that_is_not_configured_is_refused() => Refused(404, "unknown_app", eventId =>
    {
        var request = _push.Request(Valid(eventId));
        request.RequestUri = new Uri("/webhook/feishu/nobody", UriKind.Relative);
        return request;
    });

    [Fact]
    public async Task A_body_without_length_is_cut_off_at_1_MiB()
    {
        var before = await fixture.Gateway.CounterAsync("larkspur_ingress_refused_total", "too_large");
        using var request = _push.Request([]);
        request.Content = new StreamContent(new MemoryStream(new byte[3 << 20]));
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.TransferEncodingChunked = true;
        using var response = await fixture.Gateway.Http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        await fixture.Gateway.CountsAsync(before + 1, "larkspur_ingress_refused_total", "too_large");
    }

    [Theory]
    [InlineData("POST /webhook/feishu", "Content-Length: 10737418240", 0, "413")]
    [InlineData("POST /webhook/feishu/nobody", "Content-Length: 1000000", 0, "404")]
    [InlineData("PUT /webhook/feishu", "Content-Length: 1000000", 0, "405")]
    [InlineData("POST /webhook/feishu", "Transfer-Encoding: chunked", (1 << 20) + 1, "413")]
    public async Task A_refusal_does_not_wait_for_the_rest_of_the_body(string line, string length, int sent, string status)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(fixture.Gateway.Address.Host, fixture.Gateway.Address.Port, TestContext.Current.CancellationToken);
        var stream = socket.GetStream();
        var started = Stopwatch.GetTimestamp();
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"{line} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n{length}\r\n\r\n"), TestContext.Current.CancellationToken);
        if (sent > 0) await stream.WriteAsync((byte[])[.. Encoding.ASCII.GetBytes($"{sent:x}\r\n"), .. new byte[sent]], TestContext.Current.CancellationToken);
        using var reader = new StreamReader(stream);
        // The sender is silent from here on: whatever is answered was answered without the rest.
        var answer = await reader.ReadLineAsync(TestContext.Current.CancellationToken);
        output.WriteLine($"{line}, {length}: {answer} after {Stopwatch.GetElapsedTime(started).TotalMilliseconds:0.0} ms");
        Assert.StartsWith($"HTTP/1.1 {status} ", answer, StringComparison.Ordinal);
    }

    /// <summary>A connection that is reset under a sender shows it a broken pipe instead of the answer.</summary>
    [Theory]
    [InlineData("POST /api/v1/messages", true, "413")]
    [InlineData("POST /api/v1/inbox/replay", true, "413")]
    [InlineData("POST /api/v1/messages", false, "401")]
    [InlineData("POST /no/such/path", false, "404")]
    [InlineData("POST /webhook/feishu", false, "413")]
    public async Task A_refused_sender_can_write_its_body_to_the_end(string line, bool withKey, string status)
    {
        const int length = 4 << 20;
        var cancellation = TestContext.Current.CancellationToken;
        using var socket = new TcpClient();
        await socket.ConnectAsync(fixture.Gateway.Address.Host, fixture.Gateway.Address.Port, cancellation);
        var stream = socket.GetStream();
        var key = withKey ? $"Authorization: Bearer {GatewayApp.ApiKey}\r\n" : "";
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"{line} HTTP/1.1\r\nHost: localhost\r\n{key}Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n"), cancellation);
        using var reader = new StreamReader(stream);
        Assert.StartsWith($"HTTP/1.1 {status} ", await reader.ReadLineAsync(cancellation), StringComparison.Ordinal);
        for (var sent = 0; sent < length; sent += 64 << 10) await stream.WriteAsync(new byte[64 << 10], cancellation);
        var answer = new StringBuilder();
        var piece = new char[4096];
        while (!answer.ToString().Contains("\"error\":", StringComparison.Ordinal))
        {
            var read = await reader.ReadAsync(piece, cancellation);
            Assert.True(read > 0, $"The answer ended early: {answer}");
            answer.Append(piece, 0, read);
        }
    }

    [Fact]
    public async Task A_flood_of_forged_posts_fills_neither_memory_nor_log()
    {
        var gateway = fixture.Gateway;
        var body = new byte[900_000];
        var lines = gateway.Logs.Lines.Count;
        var before = await gateway.CounterAsync("larkspur_ingress_refused_total");
        var allocated = GC.GetTotalAllocatedBytes();
        var started = Stopwatch.GetTimestamp();
        await Parallel.ForAsync(0, 300, new ParallelOptions { MaxDegreeOfParallelism = 100, CancellationToken = TestContext.Current.CancellationToken }, async (_, cancellation) =>
        {
            using var request = _push.Request(body, DateTimeOffset.UtcNow.AddYears(-1));
            using var response = await gateway.Http.SendAsync(request, cancellation);
            Assert.True(response.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.TooManyRequests, $"{response.StatusCode}");
        });
        output.WriteLine($"300 forged posts of 900 kB, 100 at a time: {Stopwatch.GetElapsedTime(started).TotalMilliseconds:0} ms, "
            + $"{(GC.GetTotalAllocatedBytes() - allocated) / 300 / 1024} KiB allocated a post (both sides), working set {Environment.WorkingSet >> 20} MiB");
        await gateway.CountsAsync(before + 300, "larkspur_ingress_refused_total");
        Assert.InRange(gateway.Logs.Lines.Count - lines, 0, 40);
    }

    [Fact]
    public async Task When_unfinished_large_bodies_hold_all_the_memory_further_ones_are_sent_away_and_small_events_still_pass()
    {
        const int senders = 80;
        var cancellation = TestContext.Current.CancellationToken;
        var refused = await fixture.Gateway.CounterAsync("larkspur_ingress_refused_total");
        var sockets = Enumerable.Range(0, senders).Select(_ => new TcpClient()).ToArray();
        try
        {
            var head = Encoding.ASCII.GetBytes("POST /webhook/feishu HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 1000000\r\n\r\n");
            var unfinished = new byte[900_000];
            var answers = sockets.Select(async socket =>
            {
                await socket.ConnectAsync(fixture.Gateway.Address.Host, fixture.Gateway.Address.Port, cancellation);
                await socket.GetStream().WriteAsync(head, cancellation);
                await socket.GetStream().WriteAsync(unfinished, cancellation);
                using var reader = new StreamReader(socket.GetStream(), leaveOpen: true);
                return await reader.ReadLineAsync(cancellation);
            }).ToList();

            // 64 MiB hold 64 bodies of this size; those that were sent away answer first, the others wait for their rest.
            var sentAway = 0;
            while (sentAway < senders - 64)
            {
                var answered = await Task.WhenAny(answers);
                answers.Remove(answered);
                Assert.StartsWith("HTTP/1.1 429 ", await answered, StringComparison.Ordinal);
                sentAway++;
            }

            var (status, _) = await _push.SendAsync(fixture.Gateway, "some.future.event_v9", """{"any":"thing"}""", FeishuPush.NewId("ev_"));
            Assert.Equal(200, status);
        }
        finally
        {
            foreach (var socket in sockets) socket.Dispose();
        }

        // The gateway notifications in its own time that they have gone; the next test counts from zero.
        await fixture.Gateway.UntilAsync(async () => await fixture.Gateway.CounterAsync("larkspur_ingress_refused_total") >= refused + senders);
    }

    [Fact]
    public async Task A_plain_and_an_encrypted_challenge_are_answered()
    {
        using var plain = new HttpRequestMessage(HttpMethod.Post, "/webhook/feishu")
        {
            Content = Json(Encoding.UTF8.GetBytes(_push.Encrypt("{\"challenge\":\"c-1\",\"token\":\"" + _push.Token + "\",\"type\":\"url_verification\"}"))),
        };
        using var response = await fixture.Gateway.Http.SendAsync(plain, TestContext.Current.CancellationToken);
        Assert.Equal("{\"challenge\":\"c-1\"}", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task An_event_type_nobody_handles_is_acknowledged_and_kept()
    {
        var eventId = FeishuPush.NewId("ev_");
        var (status, _) = await _push.SendAsync(fixture.Gateway, "some.future.event_v9", """{"any":"thing"}""", eventId);
        Assert.Equal(200, status);
        var row = await fixture.Gateway.OutcomeAsync(eventId);
        Assert.Equal("ignored", row.GetProperty("outcome").GetString());
        Assert.Equal("no_handler", row.GetProperty("reason").GetString());
    }

    private static ByteArrayContent Json(byte[] body)
    {
        var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json", "utf-8");
        return content;
    }

    private byte[] Valid(string eventId) =>
        Encoding.UTF8.GetBytes(_push.Encrypt(_push.Envelope("im.message.receive_v1", FeishuPush.Message("hi"), eventId)));

    private async Task Refused(int status, string reason, Func<string, HttpRequestMessage> make)
    {
        var gateway = fixture.Gateway;
        var before = await gateway.CounterAsync("larkspur_ingress_refused_total", $"\"{reason}\"");
        var accepted = await gateway.CounterAsync("larkspur_ingress_accepted_total");
        var eventId = FeishuPush.NewId("ev_");
        using var request = make(eventId);
        using var response = await gateway.Http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(status, (int)response.StatusCode);
        var body = JsonSerializer.Deserialize<JsonElement>(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal(reason, body.GetProperty("error").GetString());
        await gateway.CountsAsync(before + 1, "larkspur_ingress_refused_total", $"\"{reason}\"");
        await gateway.CountsAsync(accepted, "larkspur_ingress_accepted_total");
        Assert.Equal(0, (await gateway.InboxAsync(eventId)).GetProperty("items").GetArrayLength());
        output.WriteLine($"refused {reason} within {await MedianAsync(make):0.0} ms (median of 9; the aim is 100 ms)");
    }

    private async Task<double> MedianAsync(Func<string, HttpRequestMessage> make)
    {
        var took = new List<double>();
        for (var i = 0; i < 9; i++)
        {
            using var request = make(FeishuPush.NewId("ev_"));
            var started = Stopwatch.GetTimestamp();
            using var response = await fixture.Gateway.Http.SendAsync(request, TestContext.Current.CancellationToken);
            took.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }

        return took.Order().ElementAt(4);
    }
}
