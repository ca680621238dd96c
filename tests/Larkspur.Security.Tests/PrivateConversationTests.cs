using System.Collections.Concurrent;
using Larkspur.Emulator.Dify;
using Larkspur.Emulator.State;
using Larkspur.Emulator.State.Documents;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Tests.Assistant;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Larkspur.Security.Tests;

/// <summary>
/// Colleagues in a group wait for Alice to ask the assistant something there, and hope to hear of what she asked it in private: a
/// document that only she may read stands in that conversation.
/// What counts is what the backend was sent: the conversation's id where it remembers, the history where it does not.
/// </summary>
[Trait("Database", "PostgreSQL")]
public sealed class PrivateConversationTests
{
    private const string Salary = "28500";

    [Fact]
    public async Task A_question_in_a_group_is_asked_in_a_conversation_of_that_group()
    {
        await using var fixture = await AssistantFixture.StartAsync();
        await fixture.SayAsync("Summarise " + Link(fixture));
        await fixture.AnswerAsync("<document-");
        var secret = Assert.Single(SentFiles.Asked(fixture.Emulator));
        Assert.Contains(Salary, secret.Query, StringComparison.Ordinal);

        var first = await AskInGroupAsync(fixture, "what did we speak of?", 2);
        Assert.NotEqual(secret.ConversationId, first.ConversationId);
        // The group's own goes on there, and the private one in private.
        Assert.Equal(first.ConversationId, (await AskInGroupAsync(fixture, "and before that?", 3)).ConversationId);
        await fixture.SayAsync("and in short?");
        Assert.Equal(secret.ConversationId, (await AskedAsync(fixture, 4, "and in short?")).ConversationId);

        // Beginning afresh in the group leaves the private one alone.
        await GroupSaysAsync(fixture, "@Larkspur 助手 /new");
        await fixture.HoldsAsync(() => Group(fixture).Any(m => m.Content.Contains("afresh", StringComparison.Ordinal) || m.Content.Contains('新')));
        Assert.DoesNotContain((await AskInGroupAsync(fixture, "who are you?", 5)).ConversationId, (string[])[secret.ConversationId, first.ConversationId]);
        await fixture.SayAsync("once more?");
        Assert.Equal(secret.ConversationId, (await AskedAsync(fixture, 6, "once more?")).ConversationId);
    }

    [Fact]
    public async Task A_thread_of_the_group_is_a_place_of_its_own()
    {
        await using var fixture = await AssistantFixture.StartAsync();
        await fixture.SayAsync("a private matter");
        var secret = await AskedAsync(fixture, 1, "a private matter");
        var group = await AskInGroupAsync(fixture, "a matter of the group", 2);
        var root = await fixture.Emulator.ActAsync(new { @as = "bob", @do = "send", chat = SeededCompany.PurchasingChat, text = "Let us speak of it below this" });
        var inThread = await AskInThreadAsync(fixture, Id(root), "a matter of the thread", 3);
        Assert.Equal(3, ((string[])[secret.ConversationId, group.ConversationId, inThread.Asked.ConversationId]).Distinct().Count());
        Assert.Equal(inThread.Asked.ConversationId, (await AskInThreadAsync(fixture, inThread.Message, "and further?", 4)).Asked.ConversationId);
        Assert.Equal(group.ConversationId, (await AskInGroupAsync(fixture, "and in the group?", 5)).ConversationId);
    }

    [Fact]
    public async Task The_history_that_a_model_is_reminded_of_in_a_group_is_the_groups()
    {
        var asked = new ConcurrentQueue<string>();
        await using var model = await ModelAsync(asked);
        await using var fixture = await AssistantFixture.StartAsync(_ =>
        [
            new("DIFY_API_KEY", null), new("DIFY_BASE_URL", null), new("Larkspur:Assistant:Backends:default:Kind", "openai"),
            new("Larkspur:Assistant:Backends:default:BaseUrl", model.Urls.Single() + "/v1"), new("Larkspur:Assistant:Backends:default:Model", "m"),
        ]);
        await fixture.SayAsync($"Is {Salary} a month enough? And {Link(fixture)}?");
        await fixture.AnswerAsync("I see.");
        await GroupSaysAsync(fixture, "@Larkspur 助手 what did we speak of?");
        await fixture.HoldsAsync(() => asked.Count == 2);
        Assert.DoesNotContain(Salary, asked.Last(), StringComparison.Ordinal);
        Assert.DoesNotContain(SeededDocuments.Salary, asked.Last(), StringComparison.Ordinal);
        await fixture.SayAsync("and in private?");
        await fixture.HoldsAsync(() => asked.Count == 3);
        Assert.Contains(Salary, asked.Last(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Asking_again_below_an_answer_in_the_group_stays_in_the_group()
    {
        await using var fixture = await AssistantFixture.StartAsync();
        await fixture.SayAsync("a private matter");
        var secret = await AskedAsync(fixture, 1, "a private matter");
        var group = await AskInGroupAsync(fixture, "a matter of the group", 2);
        await ClickAgainAsync(fixture, "a matter of the group");
        await AskedAsync(fixture, 3, "a matter");
        Assert.Equal(2, SentFiles.Asked(fixture.Emulator).Count(m => m.ConversationId == group.ConversationId));

        // An answer from before places were told apart, when the private conversation went on in the group.
        await fixture.HoldsAsync(() => fixture.RowsAsync("SELECT COUNT(*) FROM assistant_turn WHERE state = 0", r => r.GetInt64(0)).GetAwaiter().GetResult()[0] == 0);
        await fixture.Gateway.Services.GetRequiredService<IDatabase>().TransactAsync(async unit =>
        {
            await unit.ExecuteAsync("DELETE FROM assistant_conversation WHERE place <> ''");
            await unit.ExecuteAsync("UPDATE assistant_turn SET place = NULL, conversation = (SELECT id FROM assistant_conversation)");
        }, TestContext.Current.CancellationToken);
        await ClickAgainAsync(fixture, "a matter of the group");
        await AskedAsync(fixture, 4, "a matter");
        Assert.Single(SentFiles.Asked(fixture.Emulator), m => m.ConversationId == secret.ConversationId);
    }

    private static string Link(AssistantFixture fixture) => new Uri(fixture.Emulator.BaseUrl, "docx/" + SeededDocuments.Salary).ToString();

    private static string Id(System.Text.Json.Nodes.JsonObject sent) => sent["message_id"]!.GetValue<string>();

    private static Message[] Group(AssistantFixture fixture) => [.. fixture.Emulator.State.Messages(SeededCompany.PurchasingChat).Where(m => m.SenderKind == SenderKind.App)];

    private static Task<System.Text.Json.Nodes.JsonObject> GroupSaysAsync(AssistantFixture fixture, string text) =>
        fixture.Emulator.ActAsync(new { @as = "alice", @do = "send", chat = SeededCompany.PurchasingChat, text });

    private static async Task<DifyMessage> AskInGroupAsync(AssistantFixture fixture, string text, int count)
    {
        await GroupSaysAsync(fixture, "@Larkspur 助手 " + text);
        return await AskedAsync(fixture, count, text);
    }

    private static async Task<(DifyMessage Asked, string Message)> AskInThreadAsync(AssistantFixture fixture, string message, string text, int count)
    {
        var sent = await fixture.Emulator.ActAsync(new { @as = "alice", @do = "reply", message_id = message, in_thread = true, text = "@Larkspur 助手 " + text });
        return (await AskedAsync(fixture, count, text), Id(sent));
    }

    /// <summary>Waits until the backend was asked so often, and nothing is being answered.</summary>
    private static async Task<DifyMessage> AskedAsync(AssistantFixture fixture, int count, string text)
    {
        await fixture.HoldsAsync(() => SentFiles.Asked(fixture.Emulator).Count == count);
        await fixture.HoldsAsync(() => fixture.RowsAsync("SELECT COUNT(*) FROM assistant_turn WHERE state = 0", r => r.GetInt64(0)).GetAwaiter().GetResult()[0] == 0);
        return SentFiles.Asked(fixture.Emulator).Last(m => m.Query.StartsWith(text, StringComparison.Ordinal));
    }

    private static async Task ClickAgainAsync(AssistantFixture fixture, string contains)
    {
        Message? answer = null;
        await fixture.HoldsAsync(() => (answer = Group(fixture).LastOrDefault(m =>
            m.Card?.Json.Contains("asst:again", StringComparison.Ordinal) == true && AssistantFixture.TextOf(m).Contains(contains, StringComparison.Ordinal))) is not null);
        var clicked = await fixture.ClickAsync(answer!.MessageId, "🔄 Answer again");
        Assert.True(clicked["toast"]?["type"]?.GetValue<string>() == "success", clicked.ToJsonString());
    }

    private static async Task<WebApplication> ModelAsync(ConcurrentQueue<string> asked)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.Run(async http =>
        {
            using var body = new StreamReader(http.Request.Body);
            asked.Enqueue(await body.ReadToEndAsync());
            http.Response.ContentType = "text/event-stream";
            await http.Response.WriteAsync("data: {\"choices\":[{\"delta\":{\"content\":\"I see.\"},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n");
        });
        await app.StartAsync();
        return app;
    }
}
