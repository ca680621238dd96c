using System.Text.Json;
using System.Text.Json.Nodes;
using Larkspur.Feishu.Api.Im.V1;
using Larkspur.Feishu.Events;
using Larkspur.Feishu.SignIn;
using Larkspur.Feishu.Tables;
using Larkspur.Gateway.Common.Localisation;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Larkspur.Feishu.Tests.Docs;

/// <summary>The manual's C#, compiled; <see cref="ManualTests"/> sees to it that it is the manual's.</summary>
internal static class ManualSnippets
{
    public static FeishuClient[] MakeAClient()
    {
        var feishu = new FeishuClient("cli_…", "app secret");                                    // self-built app on Feishu
        var lark   = new FeishuClient(new() { AppId = "cli_…", AppSecret = "…", Brand = FeishuBrand.Lark });
        var local  = new FeishuClient(new() { AppId = "…", AppSecret = "…", BaseUrl = new("http://127.0.0.1:8081") });
        return [feishu, lark, local];
    }

    public static void InAHost(IHostApplicationBuilder builder)
    {
        builder.Services.AddFeishu(builder.Configuration.GetSection("Feishu"));                 // FeishuClient, FeishuEventReceiver
        builder.Services.AddFeishu("hr", o => { o.AppId = "cli_…"; o.AppSecret = "…"; });       // keyed "hr"; also PlatformClients<FeishuClient>.Get("hr")
    }

    public static async Task Tables(FeishuClient feishu)
    {
        FeishuTable table = feishu.Tables("bascn…").Table("tbl…");
        await foreach (TableRecord record in table.SearchAsync(new() { Filter = Where.Field("金额").IsGreater(100) }))
        {
            Console.WriteLine($"{record.Id} {record["阶段"]}");
        }

        var rows = new[] { new TableRow().Set("单号", "A-1").Set("金额", 12.50m), new TableRow().Set("单号", "A-2").Set("金额", 8m) };
        TableWriteReport made = await table.CreateAsync(rows, new() { KeyField = "单号" });      // per row: written, refused with a reason, unknown
        made.EnsureWritten();
    }

    public static async Task<string?> Call(FeishuClient feishu, string key)
    {
        var sent = await feishu.Im.V1.Message.CreateAsync(new()
        {
            ReceiveIdType = "chat_id", ReceiveId = "oc_…", MsgType = "text", Content = """{"text":"Hello"}""", Uuid = key,
        });
        await foreach (var chat in feishu.Im.V1.Chat.ListAllAsync(new() { PageSize = 50 }))    // every page
        {
            Console.WriteLine(chat.Name);
        }

        return sent.MessageId;
    }

    public static async Task<JsonElement> CallByHand(FeishuClient feishu)
    {
        var endpoint = new FeishuEndpoint { Id = "x.v1.thing.get", Method = HttpMethod.Get, Path = "/open-apis/x/v1/things/{id}", PerSecond = 5 };
        JsonElement thing = await feishu.SendAsync<JsonElement>(new FeishuRequest(endpoint).WithPath("id", "7"));
        return thing;
    }

    public static async Task TakeTheTurn(FeishuClient feishu, FeishuEndpoint endpoint, Func<FeishuRequest> ChooseNext, CancellationToken cancel)
    {
        RateLimitBudget budget = feishu.BudgetOf(endpoint);                 // ask anew each time: it follows what was learned
        await feishu.RateLimiter.WaitAsync(budget.Key, budget.Limit, cancel);
        await feishu.SendAsync(ChooseNext(), new() { PermitAcquired = true, MaxAttempts = 1 }, cancel);
    }

    public static async Task<object?> SignInAndCall(FeishuClient feishu, Uri redirect, string state, string query, IFeishuUserTokenStore store, CancellationToken cancel)
    {
        var pkce = PkcePair.New();                                             // verifier and state: in the browser's session, once
        var page = feishu.SignIn.Address(redirect, state, new() { Challenge = pkce.Challenge, Scopes = ["docx:document"], Offline = true });

        var back = FeishuLoginAnswer.Read(query, state);                       // judges the state first, in constant time
        if (back.Outcome != FeishuLoginOutcome.SignedIn) return null;
        FeishuUserTokens tokens = await feishu.SignIn.ExchangeAsync(back.Code!, redirect, pkce.Verifier, cancel);
        FeishuSignedInPerson person = await feishu.SignIn.GetPersonAsync(tokens.AccessToken, cancel);
        var users = new FeishuUsers(feishu, store);                            // an IFeishuUserTokenStore: encrypted, shared by the processes
        await users.SaveAsync(person.OpenId, tokens, cancel);
        var document = await users.AsAsync(person.OpenId, ["docx:document"],
            options => feishu.Docx.V1.Document.CreateAsync(new() { Title = "Minutes" }, options, cancel), cancel);
        return (page, document);
    }

#pragma warning disable CA1848 // The manual shows the call that everybody knows.
    public static async Task LogIds(FeishuClient feishu, FeishuRequest request, ILogger logger)
    {
        var trace = new FeishuCallTrace();
        await feishu.SendAsync(request, new() { Trace = trace });
        logger.LogInformation("sent in {Attempts} tries, log id {LogId}", trace.Attempts, trace.LogId);
    }
#pragma warning restore CA1848

    public static async Task<(int Status, byte[]? Body)> Receive(
        FeishuOptions options, FeishuEventDispatcher dispatcher, string timestamp, string nonce, string signature, string contentType, byte[] bodyBytes)
    {
        var receiver = new FeishuEventReceiver(options, TimeProvider.System);
        FeishuReception r = receiver.Receive(new(timestamp, nonce, signature, contentType), bodyBytes);
        if (r.Refusal != FeishuRefusal.None) return (r.StatusCode, null);
        if (r.Challenge is not null) return (200, JsonSerializer.SerializeToUtf8Bytes(new { challenge = r.Challenge }));
        return (200, await dispatcher.DispatchAsync(r.Delivery!));   // events: record them, answer 200 {}, dispatch then; callbacks: answer with this
    }

    public static FeishuEventDispatcher Dispatch(
        JsonNode card, Func<ImMessageReceiveV1, string, CancellationToken, Task> HandleAsync, Func<FeishuDelivery, CancellationToken, Task> KeepAsync)
    {
        var dispatcher = new FeishuEventDispatcher()
            .On<ImMessageReceiveV1>((e, ct) => HandleAsync(e.Event, e.Delivery.EventId, ct))     // any generated event record
            .OnCardAction((action, ct) => Task.FromResult(                                      // new and old callback alike
                CardActionResponse.Toast(CardToastType.Success, "Approved").WithCard(card)))
            .OnUnknown((delivery, ct) => KeepAsync(delivery, ct));                              // raw JSON; acknowledged and counted anyway
        return dispatcher;
    }

    public static async Task StoreApp(FeishuEventDispatcher dispatcher, IAppTicketStore store, MessageCreateRequest request)
    {
        var options = new FeishuOptions { AppId = "cli_…", AppSecret = "…", Kind = FeishuAppKind.Store, VerificationToken = "…" };
        var feishu = new FeishuClient(options, tickets: store);
        dispatcher.KeepAppTickets(feishu.AppTickets);                          // the hourly app_ticket event
        await feishu.Im.V1.Message.CreateAsync(request, new() { TenantKey = "…" });
    }
}
