using Larkspur.DingTalk.SignIn;

namespace Larkspur.DingTalk.Tests.SignIn;

public sealed class PageSignatureTests : IAsyncLifetime
{
    private DingTalkStub _stub = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _stub = await DingTalkStub.StartAsync();

    public ValueTask DisposeAsync() => _stub.DisposeAsync();

    /// <summary>Computed with Python's hashlib over the text that the platform's page spells out.</summary>
    [Theory]
    [InlineData("https://app.example/a%20b?name=%E5%BC%A0+%E4%B8%89&x=1#part", "70f09e7f97120a415f1a60cf875ffeda771613965177b1ceb9f027c73f479dd6")]
    [InlineData("https://app.example/a%20b?name=张 三&x=1", "70f09e7f97120a415f1a60cf875ffeda771613965177b1ceb9f027c73f479dd6")]
    [InlineData("https://app.example", "f94a893bc21a9fbad643146f456127041e6fe979773386492093d52fafcda10d")]
    public void The_query_is_decoded_and_the_fragment_left_out(string page, string signature) =>
        Assert.Equal(signature, PageSignature.Compute("ticket-1", "n0nce", 1_700_000_000_000, new Uri(page)));

    [Fact]
    public async Task Many_pages_at_once_fetch_one_ticket_and_keep_it_as_long_as_it_lives()
    {
        var clock = new ManualTimeProvider();
        var both = new TaskCompletionSource();
        _stub.OnCall = async (c, r, n) =>
        {
            if (n == 1) await both.Task;
            await DingTalkStub.Json(c, 200, $$"""{"jsapiTicket":"ticket-{{n}}","expireIn":7200}""");
        };
        DingTalkClient client = _stub.Client(clock: clock);
        var page = new Uri("https://app.example/p?a=1#x");
        Task<PageSignature>[] signing = [.. Enumerable.Range(0, 20).Select(_ => client.SignIn.SignPageAsync(page, Cancel))];
        both.SetResult();
        PageSignature[] signed = await Task.WhenAll(signing);
        Assert.Equal("/v1.0/oauth2/jsapiTickets", Assert.Single(_stub.Calls).Path);
        Assert.All(signed, s => Assert.Equal(PageSignature.Compute("ticket-1", s.NonceStr, s.TimeStamp, page), s.Signature));
        Assert.Equal(20, signed.Select(s => s.NonceStr).Distinct(StringComparer.Ordinal).Count());
        Assert.Equal((4711, clock.GetUtcNow().ToUnixTimeMilliseconds()), (signed[0].AgentId, signed[0].TimeStamp));
        clock.Advance(TimeSpan.FromHours(3));
        PageSignature later = await client.SignIn.SignPageAsync(page, Cancel);
        Assert.Equal(PageSignature.Compute("ticket-2", later.NonceStr, later.TimeStamp, page), later.Signature);
        Assert.Equal(0, client.Usage[DingTalkUseKind.Call]);
    }

    [Fact]
    public async Task Without_a_ticket_an_agent_or_a_page_there_is_no_signature()
    {
        _stub.Answers("""{"jsapiTicket":"","expireIn":7200}""");
        await Assert.ThrowsAsync<DingTalkApiException>(() => _stub.Client().SignIn.SignPageAsync(new Uri("https://app.example"), Cancel));
        await Assert.ThrowsAsync<ArgumentException>(() => _stub.Client().SignIn.SignPageAsync(new Uri("file:///etc/passwd"), Cancel));
        await Assert.ThrowsAsync<InvalidOperationException>(() => _stub.Client(o => o.AgentId = null).SignIn.SignPageAsync(new Uri("https://app.example"), Cancel));
    }
}
