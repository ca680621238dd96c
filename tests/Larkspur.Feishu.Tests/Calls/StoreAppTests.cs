using System.Text;
using System.Text.Json;
using Larkspur.Feishu.Events;
using Larkspur.Testing;

namespace Larkspur.Feishu.Tests.Calls;

public sealed class StoreAppTests : IAsyncLifetime
{
    private StubPlatform _platform = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _platform = await StubPlatform.StartAsync();
        _platform.OnToken = (c, r) =>
        {
            JsonElement body = JsonDocument.Parse(r.Body).RootElement;
            return StubPlatform.Json(c, 200, r.Path switch
            {
                "/open-apis/auth/v3/app_ticket/resend" => """{"code":0,"msg":"success"}""",
                "/open-apis/auth/v3/app_access_token" => body.GetProperty("app_ticket").GetString() == "tk"
                    ? """{"code":0,"msg":"success","app_access_token":"a-1","expire":7200}"""
                    : """{"code":10012,"msg":"app_ticket invalid"}""",
                "/open-apis/auth/v3/tenant_access_token" => $$"""{"code":0,"tenant_access_token":"t-{{body.GetProperty("tenant_key").GetString()}}-{{body.GetProperty("app_access_token").GetString()}}","expire":7200}""",
                _ => """{"code":10003,"msg":"invalid parameter"}""",
            });
        };
    }

    public ValueTask DisposeAsync() => _platform.DisposeAsync();

    [Fact]
    public async Task Each_tenant_has_its_token_from_one_app_token()
    {
        FeishuClient client = Store();
        await client.AppTickets.SetAsync("cli_a1", "tk", Cancel);

        foreach (string tenant in new[] { "one", "two", "one" }) await client.SendAsync(Endpoints.GetThing(), new() { TenantKey = tenant }, Cancel);

        Assert.Equal(["t-one-a-1", "t-two-a-1", "t-one-a-1"], _platform.Calls.Select(c => c.Bearer));
        Assert.Equal(3, _platform.TokenCalls.Count());
    }

    [Fact]
    public async Task Without_a_ticket_the_platform_is_asked_once_and_the_event_heals_it()
    {
        FeishuClient client = Store();
        for (int i = 0; i < 2; i++)
        {
            var missing = await Assert.ThrowsAsync<FeishuAppTicketException>(() => client.SendAsync(Endpoints.GetThing(), new() { TenantKey = "one" }, Cancel));
            Assert.True(missing.IsTransient);
        }

        Assert.Single(_platform.TokenCalls, c => c.Path.EndsWith("resend", StringComparison.Ordinal));

        client.Options.VerificationToken = "vt1";
        var clock = new ManualTimeProvider();
        FeishuSignedRequest pushed = FeishuEventSigner.CreateRequest(client.Options, Encoding.UTF8.GetBytes(
            """{"ts":"1700000000.1","uuid":"u1","token":"vt1","type":"event_callback","event":{"type":"app_ticket","app_id":"cli_a1","app_ticket":"tk"}}"""), clock);
        FeishuDelivery delivery = new FeishuEventReceiver(client.Options, clock).Receive(pushed.Headers, pushed.Body).Delivery!;
        await new FeishuEventDispatcher().KeepAppTickets(client.AppTickets).DispatchAsync(delivery, Cancel);

        await client.SendAsync(Endpoints.GetThing(), new() { TenantKey = "one" }, Cancel);
    }

    [Fact]
    public async Task A_dead_ticket_is_asked_for_again()
    {
        FeishuClient client = Store();
        await client.AppTickets.SetAsync("cli_a1", "old", Cancel);
        var refused = await Assert.ThrowsAsync<FeishuAppTicketException>(() => client.SendAsync(Endpoints.GetThing(), new() { TenantKey = "one" }, Cancel));
        Assert.Equal(10012, refused.Code);
        Assert.Contains(_platform.TokenCalls, c => c.Path.EndsWith("resend", StringComparison.Ordinal));
        Assert.DoesNotContain("app-secret-value", refused.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_store_app_must_name_the_tenant_before_anything_is_sent()
    {
        var problem = await Assert.ThrowsAsync<InvalidOperationException>(() => Store().SendAsync(Endpoints.GetThing(), cancellationToken: Cancel));
        Assert.Contains("TenantKey", problem.Message, StringComparison.Ordinal);
        Assert.Empty(_platform.Requests);
    }

    private FeishuClient Store() => _platform.Client(o => o.Kind = FeishuAppKind.Store);
}
