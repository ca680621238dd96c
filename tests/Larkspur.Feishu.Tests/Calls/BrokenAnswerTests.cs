using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Larkspur.Feishu.Tests.Calls;

/// <summary>Answers of a proxy, of a broken server, and of one that means harm.</summary>
public sealed class BrokenAnswerTests : IAsyncLifetime
{
    private StubPlatform _platform = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _platform = await StubPlatform.StartAsync();

    public ValueTask DisposeAsync() => _platform.DisposeAsync();

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("deflate")]
    public async Task A_body_that_does_not_decompress_is_a_lost_answer(string encoding)
    {
        _platform.OnCall = (c, _) =>
        {
            c.Response.Headers.ContentEncoding = encoding;
            return StubPlatform.Json(c, 200, """{"code":0,"data":{}} and this was never compressed""");
        };
        var lost = await Assert.ThrowsAsync<PlatformNetworkException>(() => _platform.Client().SendAsync(Endpoints.CreateThing(), cancellationToken: Cancel));
        Assert.True(lost.EffectUnknown);
        Assert.Single(_platform.Calls);
    }

    [Fact]
    public async Task An_answer_without_end_is_given_up_and_not_asked_for_again()
    {
        byte[] part = new byte[1 << 20];
        Array.Fill(part, (byte)' ');
        _platform.OnCall = async (c, _) =>
        {
            c.Response.ContentType = "application/json";
            while (!c.RequestAborted.IsCancellationRequested) await c.Response.Body.WriteAsync(part, c.RequestAborted);
        };
        var refused = await Assert.ThrowsAsync<FeishuApiException>(() => _platform.Client().SendAsync(Endpoints.GetThing(), cancellationToken: Cancel));
        Assert.Contains("larger than 32 MiB", refused.Message, StringComparison.Ordinal);
        Assert.False(refused.NothingHappened);
        Assert.Single(_platform.Calls);
    }

    [Fact]
    public async Task A_redirect_is_not_followed()
    {
        _platform.OnCall = (c, _) =>
        {
            c.Response.Redirect("/open-apis/elsewhere");
            return Task.CompletedTask;
        };
        var refused = await Assert.ThrowsAsync<FeishuApiException>(() => _platform.Client().SendAsync(Endpoints.GetThing(), cancellationToken: Cancel));
        Assert.Equal(302, refused.HttpStatus);
        Assert.Single(_platform.Calls);
    }

    [Fact]
    public async Task A_page_that_repeats_a_secret_is_not_quoted_with_it_not_even_in_part()
    {
        _platform.OnCall = (c, _) =>
        {
            c.Response.StatusCode = 400;
            return c.Response.WriteAsync(new string('x', 190) + "app-secret-value t-1");
        };
        var refused = await Assert.ThrowsAsync<FeishuApiException>(() => _platform.Client().SendAsync(Endpoints.CreateThing(), cancellationToken: Cancel));
        Assert.Contains("xxx***", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("app-secret", refused.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("t-1", refused.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Secrets_that_were_sent_are_not_told_again(bool json)
    {
        _platform.OnCall = (c, _) => StubPlatform.Json(
            c, 400, """{"code":20026,"error":"invalid_grant","error_description":"secret-of-another ur-refresh-1 code-12345 for client cli_b2"}""");
        object body = json
            ? new { client_id = "cli_b2", client_secret = "secret-of-another", refresh_token = "ur-refresh-1", code = "code-12345", deep = new { code = 1 } }
            : new FeishuForm { Multipart = false }.With("client_id", "cli_b2").With("client_secret", "secret-of-another").With("refresh_token", "ur-refresh-1").With("code", "code-12345");
        var refused = await Assert.ThrowsAsync<FeishuApiException>(
            () => _platform.Client().SendAsync(new FeishuRequest(Endpoints.Create with { Tokens = FeishuTokenKinds.None }) { Body = body }, cancellationToken: Cancel));
        Assert.Equal("invalid_grant: *** *** *** for client cli_b2", refused.Msg);
        Assert.DoesNotContain("secret-of", refused.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_error_of_any_size_fits_into_a_log_line()
    {
        string noise = new('n', 100_000);
        string fields = string.Join(',', Enumerable.Repeat($$"""{"field":"f","value":"{{noise[..5000]}}","description":"app-secret-value {{noise[..5000]}}"}""", 300));
        _platform.OnCall = (c, _) => StubPlatform.Json(c, 400, $$$"""{"code":99992402,"msg":"{{{noise}}}","error":{"field_violations":[{{{fields}}}]}}""");
        var refused = await Assert.ThrowsAsync<FeishuApiException>(() => _platform.Client().SendAsync(Endpoints.CreateThing(), cancellationToken: Cancel));
        Assert.InRange(refused.Msg.Length, 2000, 2010);
        Assert.InRange(refused.Message.Length, 2000, 8000);
        Assert.Equal(50, refused.FieldViolations.Count);
        Assert.All(refused.FieldViolations, f => Assert.InRange(f.Value.Length + f.Description.Length, 1, 4010));
        Assert.All(refused.FieldViolations, f => Assert.StartsWith("*** n", f.Description, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_reset_header_is_read_alike_in_every_culture()
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        var german = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        (german.NumberFormat.NumberDecimalSeparator, german.NumberFormat.NumberGroupSeparator) = (",", ".");
        CultureInfo.CurrentCulture = german;
        try
        {
            _platform.OnCall = (c, _) =>
            {
                c.Response.Headers["x-ogw-ratelimit-reset"] = "1.5";
                return StubPlatform.Json(c, 429, """{"code":99991400,"msg":"slow"}""");
            };
            var refused = await Assert.ThrowsAsync<FeishuApiException>(
                () => _platform.Client().SendAsync(Endpoints.CreateThing(), new() { MaxAttempts = 1 }, Cancel));
            Assert.Equal(TimeSpan.FromSeconds(1.5), refused.RetryAfter);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public async Task A_connection_that_takes_too_long_leaves_no_doubt_either()
    {
        using var handler = new SocketsHttpHandler
        {
            ConnectTimeout = TimeSpan.FromMilliseconds(50),
            ConnectCallback = async (_, cancel) =>
            {
                await new TaskCompletionSource().Task.WaitAsync(cancel);
                throw new InvalidOperationException("never reached");
            },
        };
        using var http = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        var client = new FeishuClient(_platform.Options(o => o.MaxAttempts = 2), http, random: new NoJitter());
        var trace = new FeishuCallTrace();

        var lost = await Assert.ThrowsAsync<PlatformNetworkException>(
            () => client.SendAsync(new FeishuRequest(Endpoints.Create with { Tokens = FeishuTokenKinds.None }), new() { Trace = trace }, Cancel));

        Assert.False(lost.EffectUnknown);
        Assert.Equal(2, trace.Attempts);
    }

    [Theory]
    [InlineData("", "image/png")]
    [InlineData("a.png", "no type at all")]
    public async Task A_file_that_cannot_be_sent_is_told_before_anything_is(string name, string type)
    {
        var request = new FeishuRequest(Endpoints.Create) { Body = new FeishuForm().With("file", new FeishuFile(new MemoryStream(), name, type)) };
        await Assert.ThrowsAnyAsync<ArgumentException>(() => _platform.Client().SendAsync(request, cancellationToken: Cancel));
        Assert.Empty(_platform.Requests);
    }
}
