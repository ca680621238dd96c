using System.Text.Json.Nodes;
using Larkspur.Emulator.State;
using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Documents;
using Larkspur.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Larkspur.Gateway.Tests.Documents;

/// <summary>The emulated company with its documents, and a gateway that reads them.</summary>
internal sealed class DocumentFixture : EmulatedGateway
{
    private DocumentFixture(EmulatedGatewaySetup setup, (EmulatorApp, GatewayApp) running) : base(setup, running)
    {
    }

    public IDocuments Documents => Gateway.Services.GetRequiredService<IDocuments>();

    public FeishuApp App => Gateway.Services.GetRequiredService<FeishuApps>().Get("default");

    public static async Task<DocumentFixture> StartAsync(TimeProvider? clock = null, Func<BotApp, BotApp>? app = null, Dictionary<string, string?>? settings = null)
    {
        var setup = new EmulatedGatewaySetup
        {
            Platform = s => s with { RateLimitFactor = 0, Apps = app is null ? s.Apps : [.. s.Apps.Select(app)] },
            Settings = _ => settings ?? [], Clock = clock, Listens = false,
        };
        return new DocumentFixture(setup, await setup.StartAsync());
    }

    public static string OpenId(string who) => WireIds.OpenId(EmulatorApp.AppId, who);

    /// <summary>A colleague, as an event names one.</summary>
    public static DocumentReader Who(string who, string? chat = null) => new(OpenId(who)) { UserId = who, ChatId = chat, IsOfTenant = true };

    public Task<DocumentReading> ReadAsync(string token, DocumentReader who, DocumentKind kind = DocumentKind.Docx) =>
        Documents.ReadAsync(App, new DocumentLink(kind, token, "https://mica.feishu.cn/docx/" + token), who, TestContext.Current.CancellationToken);

    public async Task<DocumentOutcome> OutcomeAsync(string token, string who, DocumentKind kind = DocumentKind.Docx)
    {
        var reading = await ReadAsync(token, Who(who), kind);
        // Who may not read learns nothing.
        if (reading.Outcome != DocumentOutcome.Read) Assert.Equal(DocumentReading.Refused(reading.Outcome), reading);
        return reading.Outcome;
    }

    /// <summary>A document that the app was added to, unless <paramref name="share"/> says otherwise.</summary>
    public async Task<string> SeedAsync(object share, string text = "hello", string title = "Secret plan")
    {
        var body = System.Text.Json.JsonSerializer.SerializeToNode(share)!.AsObject();
        body["title"] = title;
        body["text"] = text;
        body["owner"] ??= "alice";
        body["apps"] ??= new JsonArray(EmulatorApp.AppId);
        return (await Emulator.ControlAsync(HttpMethod.Post, "documents", body))["token"]!.GetValue<string>();
    }

    public async Task<JsonObject[]> StoredAsync() => [.. (await Emulator.StateAsync())["documents"]!.AsArray().Select(d => d!.AsObject())];

    public async Task<int> CallsAsync(string part) => (await Emulator.ControlAsync(HttpMethod.Get, "calls?limit=1000"))["calls"]!.AsArray().Count(c => c!["path"]!.GetValue<string>().Contains(part, StringComparison.Ordinal));
}
