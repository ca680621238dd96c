using Larkspur.Feishu;
using Larkspur.Feishu.Events;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Larkspur.AspNetCore.Tests;

/// <summary>Requests that must not reach a handler, and applications that must not start.</summary>
public sealed class RefusedRequestTests
{
    private const int MaxBodyBytes = FeishuEventReceiver.MaxBodyBytes;

    [Fact]
    public async Task A_wrong_signature_is_refused()
    {
        var request = ReceiverApp.Signed("e1");
        await RefusesAsync(request with { Headers = request.Headers with { Signature = new string('0', 64) } }, 401, "wrong_signature");
    }

    [Fact]
    public async Task A_missing_signature_is_refused()
    {
        var request = ReceiverApp.Signed("e1");
        await RefusesAsync(request with { Headers = request.Headers with { Signature = "" } }, 401, "missing_signature");
    }

    [Theory]
    [InlineData(-6)]
    [InlineData(6)]
    public async Task A_timestamp_that_is_minutes_away_is_refused(int minutes)
    {
        var elsewhere = new ShiftingClock();
        elsewhere.Shift(TimeSpan.FromMinutes(minutes));
        await RefusesAsync(ReceiverApp.Signed("e1", clock: elsewhere), 401, "outside_window");
    }

    [Fact]
    public async Task Bytes_that_were_changed_on_the_way_are_refused()
    {
        var request = ReceiverApp.Signed("e1");
        await RefusesAsync(request with { Body = [.. request.Body, (byte)' '] }, 401, "wrong_signature");
    }

    [Fact]
    public async Task Another_content_type_is_refused()
    {
        var request = ReceiverApp.Signed("e1");
        await RefusesAsync(request with { Headers = request.Headers with { ContentType = "text/plain" } }, 415, "unsupported_content_type");
    }

    [Theory]
    [InlineData(MaxBodyBytes, 401)]
    [InlineData(MaxBodyBytes + 1, 413)]
    public async Task A_body_above_one_mebibyte_is_refused_however_its_length_is_told(int bytes, int status)
    {
        await using var app = await ReceiverApp.StartAsync(new FeishuEventDispatcher());
        var headers = ReceiverApp.Signed("e1").Headers;
        Assert.Equal(status, (await app.PostAsync(headers, new ByteArrayContent(new byte[bytes]))).Status);
        Assert.Equal(status, (await app.PostAsync(headers, new UntoldLength(new byte[bytes]))).Status);
    }

    [Fact]
    public async Task Another_method_is_refused()
    {
        await using var app = await ReceiverApp.StartAsync(new FeishuEventDispatcher());
        using var response = await app.Http.GetAsync(new Uri(app.Url), TestContext.Current.CancellationToken);
        Assert.Equal(System.Net.HttpStatusCode.MethodNotAllowed, response.StatusCode);
    }

    [Fact]
    public async Task An_application_that_asks_everybody_to_sign_in_still_takes_what_is_signed()
    {
        await using var app = await ReceiverApp.StartAsync(new FeishuEventDispatcher(), add: services =>
        {
            services.AddAuthentication();
            services.AddAuthorization(o => o.FallbackPolicy = new AuthorizationPolicyBuilder().RequireAssertion(_ => false).Build());
        });
        Assert.Equal(200, (await app.PostAsync(ReceiverApp.Signed("e1"))).Status);
    }

    [Fact]
    public async Task An_app_without_key_and_token_is_not_mapped()
    {
        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() =>
            ReceiverApp.StartAsync(new FeishuEventDispatcher(), change: o => o.EncryptKey = o.VerificationToken = null));
        Assert.Contains("neither EncryptKey nor VerificationToken", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_app_of_a_name_is_mapped_by_it_and_an_unknown_one_is_not()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Services.AddFeishu("hr", ReceiverApp.UseDefaultApp);
        await using var app = builder.Build();

        app.MapFeishu("/webhook/hr", new FeishuEventDispatcher(), "hr");

        var refused = Assert.Throws<InvalidOperationException>(() => app.MapFeishu("/webhook/sales", new FeishuEventDispatcher(), "sales"));
        Assert.Contains("the Feishu app \"sales\"", refused.Message, StringComparison.Ordinal);
        refused = Assert.Throws<InvalidOperationException>(() => app.MapFeishu("/webhook", new FeishuEventDispatcher()));
        Assert.Contains("the default Feishu app", refused.Message, StringComparison.Ordinal);
    }

    private static async Task RefusesAsync(FeishuSignedRequest request, int status, string reason)
    {
        var handled = 0;
        await using var app = await ReceiverApp.StartAsync(new FeishuEventDispatcher().OnUnknown((_, _) => Task.FromResult(++handled)));
        Assert.Equal((status, $$"""{"error":"{{reason}}"}"""), await app.PostAsync(request));
        Assert.Equal(0, handled);
    }

    /// <summary>Chunked: nobody says beforehand how much comes.</summary>
    private sealed class UntoldLength(byte[] bytes) : HttpContent
    {
        protected override Task SerializeToStreamAsync(Stream stream, System.Net.TransportContext? context) =>
            stream.WriteAsync(bytes).AsTask();

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
