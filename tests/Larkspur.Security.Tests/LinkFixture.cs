using System.Net.Http.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Larkspur.Emulator.State;
using Larkspur.Emulator.State.Documents;
using Larkspur.Gateway.Audit;
using Larkspur.Gateway.People.Identities;
using Larkspur.Gateway.Settings;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Tests.Assistant;
using Larkspur.Gateway.Tests.WebChat;
using Microsoft.Extensions.DependencyInjection;

namespace Larkspur.Security.Tests;

/// <summary>Alice on Feishu with a private conversation about a document that only she may read, and Mallory in the web chat of an
/// intranet that says who she is.</summary>
internal sealed partial class LinkFixture : IAsyncDisposable
{
    public const string Issuer = "https://x.example.com";

    /// <summary>What stands in Alice's document.</summary>
    public const string Salary = "28500";

    private static readonly System.Text.Json.JsonSerializerOptions Readable = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private LinkFixture(AssistantFixture assistant) => Assistant = assistant;

    public AssistantFixture Assistant { get; }

    public GatewayApp Gateway => Assistant.Gateway;

    public WebReader Mallory { get; private set; } = null!;

    public string AliceId { get; private set; } = "";

    public string MalloryId { get; private set; } = "";

    public string Document => new Uri(Assistant.Emulator.BaseUrl, "docx/" + SeededDocuments.Salary).ToString();

    public static async Task<LinkFixture> StartAsync(bool isPermitted = true)
    {
        var fixture = new LinkFixture(await AssistantFixture.StartAsync());
        if (isPermitted)
            await fixture.Gateway.Services.GetRequiredService<ISettings>().ChangeAsync(Actor.System, new Dictionary<string, string?> { [LinkPolicy.WebIssuers] = Issuer });
        await fixture.Assistant.SayAsync("Summarise " + fixture.Document);
        await fixture.Assistant.AnswerAsync("<document-");
        (fixture.Mallory, fixture.MalloryId) = await fixture.SessionAsync(new { issuer = Issuer, subject = "mallory", name = "Mallory", locale = "en_us" });
        await fixture.Mallory.AskAsync("hello from mallory");
        await fixture.RestsAsync();
        fixture.AliceId = (await fixture.TextsAsync("SELECT person FROM person_account WHERE platform = 'feishu'")).Single();
        return fixture;
    }

    public async Task<(WebReader Reader, string Person)> SessionAsync(object session)
    {
        using var answer = await Gateway.Http.PostAsJsonAsync(new Uri("/api/v1/web-chat/sessions", UriKind.Relative), session);
        var begun = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
        Assert.True(answer.IsSuccessStatusCode, begun.ToJsonString());
        return (new WebReader(Gateway.Address, begun["token"]!.GetValue<string>()), begun["session"]!["person"]!.GetValue<string>());
    }

    /// <summary>Alice asks for a code, and tells it to whoever asked her so kindly.</summary>
    public async Task<string> PhishAsync()
    {
        await Assistant.SayAsync("/link");
        var told = await Assistant.UntilAsync(m => CodeForm().IsMatch(m.Content));
        return CodeIn(told.Content);
    }

    /// <summary>Mallory says something, and reads what is said to it.</summary>
    public async Task<string> MallorySaysAsync(string text, string answered) => await SaysAsync(Mallory, text, answered);

    public async Task<string> SaysAsync(WebReader reader, string text, string answered)
    {
        await reader.AskAsync(text);
        var said = "";
        await HoldsAsync(async () => (said = Relaxed(await reader.HistoryAsync())).Contains(answered, StringComparison.Ordinal));
        return said;
    }

    /// <summary>The question that Alice is asked.</summary>
    public Task<Message> AskedAsync() => Assistant.UntilAsync(m => m.Card?.Json.Contains("asst:confirm", StringComparison.Ordinal) == true || m.Card?.Json.Contains("\"confirm\"", StringComparison.Ordinal) == true);

    /// <summary>
    /// The gateway knows which message it sent. Until then, for some milliseconds, a button of it may stand in any message: the click may be
    /// faster than the platform's answer to the send.
    /// </summary>
    public Task IsKnownAsync(Message message) =>
        HoldsAsync(async () => (await TextsAsync("SELECT message_id FROM outbox WHERE status = 1 AND message_id IS NOT NULL")).Contains(message.MessageId));

    public async Task<string> RequestAsync() => (await TextsAsync("SELECT id FROM person_link_request ORDER BY created_at DESC LIMIT 1")).Single();

    public async Task<string> JoinIdAsync() => (await TextsAsync("SELECT id FROM person_join ORDER BY joined_at DESC LIMIT 1")).Single();

    /// <summary>They are two, and nothing of the one is the other's.</summary>
    public async Task AreTwoAsync()
    {
        Assert.Equal([AliceId, MalloryId], new[] { await PersonAsync(AliceId), await PersonAsync(MalloryId) });
        Assert.Empty(await TextsAsync("SELECT id FROM person_alias"));
    }

    /// <summary>Who has an id today.</summary>
    public async Task<string> PersonAsync(string id) => JsonNode.Parse(await Gateway.Http.GetStringAsync(new Uri("/api/v1/people/" + id, UriKind.Relative)))!["id"]!.GetValue<string>();

    /// <summary>Nothing is being answered.</summary>
    public Task RestsAsync() => HoldsAsync(async () => (await TextsAsync("SELECT turn FROM assistant_turn WHERE state = 0")).Count == 0);

    public Task<List<string>> TextsAsync(string sql) => Gateway.Services.GetRequiredService<IDatabase>().ReadAsync(s => s.QueryAsync(sql, row => row.GetString(0)));

    public Task RunAsync(string sql) => Gateway.Services.GetRequiredService<IDatabase>().TransactAsync(async unit => await unit.ExecuteAsync(sql));

    public async Task HoldsAsync(Func<Task<bool>> holds)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        try
        {
            while (!await holds()) await ticks.WaitForNextTickAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"It did not come to it.\n{string.Join('\n', Gateway.Logs.Lines.TakeLast(40).Select(l => $"{l.Level} {l.Message} {l.Exception}"))}\n{Relaxed(await Mallory.HistoryAsync())}");
        }
    }

    public static string Relaxed(JsonNode json) => json.ToJsonString(Readable);

    /// <summary>The code in a text; empty: there is none.</summary>
    public static string CodeIn(string text) => CodeForm().Match(text).Groups[1].Value;

    public async ValueTask DisposeAsync()
    {
        Mallory.Dispose();
        await Assistant.DisposeAsync();
    }

    [GeneratedRegex("/link ([A-Z0-9]{8})")]
    private static partial Regex CodeForm();
}
