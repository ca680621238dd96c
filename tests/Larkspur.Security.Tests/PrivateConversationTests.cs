using System.Collections.Concurrent;
using Larkspur.Emulator.Dify;
using Larkspur.Emulator.World;
using Larkspur.Emulator.World.Documents;
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
public sealed class PrivateConversationTests
{
    private const string Salary = "28500";

    [Fact]
    public async Task A_question_in_a_group_is_asked_in_a_conversation_of_that_group()
    {
        await using var stage = await AssistantStage.StartAsync();
        await stage.SayAsync("Summarise " + Link(stage));
        await stage.AnswerAsync("<document-");
        var secret = Assert.Single(SentFiles.Asked(stage.Emulator));
        Assert.Contains(Salary, secret.Query, StringComparison.Ordinal);

        var first = await AskInGroupAsync(stage, "what did we speak of?", 2);
        Assert.NotEqual(secret.ConversationId, first.ConversationId);
        // The group's own goes on there, and the private one in private.
        Assert.Equal(first.ConversationId, (await AskInGroupAsync(stage, "and before that?", 3)).ConversationId);
        await stage.SayAsync("and in short?");
        Assert.Equal(secret.ConversationId, (await AskedAsync(stage, 4, "and in short?")).ConversationId);

        // Beginning afresh in the group leaves the private one alone.
        await GroupSaysAsync(stage, "@Larkspur 助手 /new");
        await stage.HoldsAsync(() => Group(stage).Any(m => m.Content.Contains("afresh", StringComparison.Ordinal) || m.Content.Contains('新')));
        Assert.DoesNotContain((await AskInGroupAsync(stage, "who are you?", 5)).ConversationId, (string[])[secret.ConversationId, first.ConversationId]);
        await stage.SayAsync("once more?");
        Assert.Equal(secret.ConversationId, (await AskedAsync(stage, 6, "once more?")).ConversationId);
    }

    [Fact]
    public async Task A_thread_of_the_group_is_a_place_of_its_own()
    {
        await using var stage = await AssistantStage.StartAsync();
        await stage.SayAsync("a private matter");
        var secret = await AskedAsync(stage, 1, "a private matter");
        var group = await AskInGroupAsync(stage, "a matter of the group", 2);
        var root = await stage.Emulator.ActAsync(new { @as = "bob", @do = "send", chat = SeededCompany.PurchasingChat, text = "Let us speak of it below this" });
        var inThread = await AskInThreadAsync(stage, Id(root), "a matter of the thread", 3);
        Assert.Equal(3, ((string[])[secret.ConversationId, group.ConversationId, inThread.Asked.ConversationId]).Distinct().Count());
        Assert.Equal(inThread.Asked.ConversationId, (await AskInThreadAsync(stage, inThread.Message, "and further?", 4)).Asked.ConversationId);
        Assert.Equal(group.ConversationId, (await AskInGroupAsync(stage, "and in the group?", 5)).ConversationId);
    }

    [Fact]
    public async Task The_history_that_a_model_is_reminded_of_in_a_group_is_the_groups()
    {
        var asked = new ConcurrentQueue<string>();
        await using var model = await ModelAsync(asked);
        await using var stage = await AssistantStage.StartAsync(_ =>
        [
            new("DIFY_API_KEY", null), new("DIFY_BASE_URL", null), new("Larkspur:Assistant:Backends:default:Kind", "openai"),
            new("Larkspur:Assistant:Backends:default:BaseUrl", model.Urls.Single() + "/v1"), new("Larkspur:Assistant:Backends:default:Model", "m"),
        ]);
        await stage.SayAsync($"Is {Salary} a month enough? And {Link(stage)}?");
        await stage.AnswerAsync("I see.");
        await GroupSaysAsync(stage, "@Larkspur 助手 what did we speak of?");
        await stage.HoldsAsync(() => asked.Count == 2);
        Assert.DoesNotContain(Salary, asked.Last(), StringComparison.Ordinal);
        Assert.DoesNotContain(SeededDocuments.Salary, asked.Last(), StringComparison.Ordinal);
        await stage.SayAsync("and in private?");
        await stage.HoldsAsync(() => asked.Count == 3);
        Assert.Contains(Salary, asked.Last(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Asking_again_below_an_answer_in_the_group_stays_in_the_group()
    {
        await using var stage = await AssistantStage.StartAsync();
        await stage.SayAsync("a private matter");
        var secret = await AskedAsync(stage, 1, "a private matter");
        var group = await AskInGroupAsync(stage, "a matter of the group", 2);
        await ClickAgainAsync(stage, "a matter of the group");
        await AskedAsync(stage, 3, "a matter");
        Assert.Equal(2, SentFiles.Asked(stage.Emulator).Count(m => m.ConversationId == group.ConversationId));

        // An answer from before places were told apart, when the private conversation went on in the group.
        await stage.HoldsAsync(() => stage.RowsAsync("SELECT COUNT(*) FROM assistant_turn WHERE state = 0", r => r.GetInt64(0)).GetAwaiter().GetResult()[0] == 0);
        await stage.Gateway.Services.GetRequiredService<IDatabase>().TransactAsync(async unit =>
        {
            await unit.ExecuteAsync("DELETE FROM assistant_conversation WHERE place <> ''");
            await unit.ExecuteAsync("UPDATE assistant_turn SET place = NULL, conversation = (SELECT id FROM assistant_conversation)");
        }, TestContext.Current.CancellationToken);
        await ClickAgainAsync(stage, "a matter of the group");
        await AskedAsync(stage, 4, "a matter");
        Assert.Single(SentFiles.Asked(stage.Emulator), m => m.ConversationId == secret.ConversationId);
    }

    private static string Link(AssistantStage stage) => new Uri(stage.Emulator.BaseUrl, "docx/" + SeededDocuments.Salary).ToString();

    private static string Id(System.Text.Json.Nodes.JsonObject sent) => sent["message_id"]!.GetValue<string>();

    private static Message[] Group(AssistantStage stage) => [.. stage.Emulator.World.Messages(SeededCompany.PurchasingChat).Where(m => m.SenderKind == SenderKind.App)];

    private static Task<System.Text.Json.Nodes.JsonObject> GroupSaysAsync(AssistantStage stage, string text) =>
        stage.Emulator.ActAsync(new { @as = "alice", @do = "send", chat = SeededCompany.PurchasingChat, text });

    private static async Task<DifyMessage> AskInGroupAsync(AssistantStage stage, string text, int count)
    {
        await GroupSaysAsync(stage, "@Larkspur 助手 " + text);
        return await AskedAsync(stage, count, text);
    }

    private static async Task<(DifyMessage Asked, string Message)> AskInThreadAsync(AssistantStage stage, string message, string text, int count)
    {
        var sent = await stage.Emulator.ActAsync(new { @as = "alice", @do = "reply", message_id = message, in_thread = true, text = "@Larkspur 助手 " + text });
        return (await AskedAsync(stage, count, text), Id(sent));
    }

    /// <summary>Waits until the backend was asked so often, and nothing is being answered.</summary>
    private static async Task<DifyMessage> AskedAsync(AssistantStage stage, int count, string text)
    {
        await stage.HoldsAsync(() => SentFiles.Asked(stage.Emulator).Count == count);
        await stage.HoldsAsync(() => stage.RowsAsync("SELECT COUNT(*) FROM assistant_turn WHERE state = 0", r => r.GetInt64(0)).GetAwaiter().GetResult()[0] == 0);
        return SentFiles.Asked(stage.Emulator).Last(m => m.Query.StartsWith(text, StringComparison.Ordinal));
    }

    private static async Task ClickAgainAsync(AssistantStage stage, string contains)
    {
        Message? answer = null;
        await stage.HoldsAsync(() => (answer = Group(stage).LastOrDefault(m =>
            m.Card?.Json.Contains("asst:again", StringComparison.Ordinal) == true && AssistantStage.TextOf(m).Contains(contains, StringComparison.Ordinal))) is not null);
        var clicked = await stage.ClickAsync(answer!.MessageId, "🔄 Answer again");
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
