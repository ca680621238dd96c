using System.Net.Http.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Larkspur.Gateway.Conversations;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Tests.Assistant;
using Larkspur.Gateway.Tests.Commands;
using Larkspur.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Larkspur.Gateway.Tests.Conformance;

/// <summary>What every platform does, and what those do that say they can: the same behaviours for each.</summary>
/// <remarks>A platform declares its <see cref="ChannelKind"/>s; one without a <see cref="PlatformClient"/>, or a client without one, fails here.</remarks>
public sealed partial class PlatformConformanceTests(ConformanceFixture fixture) : IClassFixture<ConformanceFixture>
{
    public static TheoryData<string> Everywhere { get; } = ["feishu", "wecom app", "wecom bot", "dingtalk", "web"];

    public static TheoryData<string> WithGroupsAndQuotes { get; } = ["feishu", "wecom bot", "dingtalk"];

    /// <summary>Where what is said goes by a call.</summary>
    public static TheoryData<string> WithCalls { get; } = ["feishu", "wecom app", "dingtalk"];

    public static TheoryData<string> WithCredentials { get; } = ["feishu", "wecom app", "wecom bot", "dingtalk"];

    [Theory]
    [InlineData(ChannelCapability.Groups)]
    [InlineData(ChannelCapability.Quotes)]
    public void Who_declares_groups_and_quotes_is_tried(object capability) => Assert.Equal(
        WithGroupsAndQuotes.Select(row => row.Data).Order(), fixture.Kinds.Where(k => k.Can((ChannelCapability)capability)).Select(k => k.Name).Order());

    [Fact]
    public void Every_channel_is_held_here() => Assert.Equal(Everywhere.Select(row => row.Data).Order(), fixture.Kinds.Select(k => k.Name).Order());

    [Fact]
    public void The_docs_print_what_can_be_done_where()
    {
        var page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "platforms.md"));
        var table = PlatformTable.Markdown(fixture.Kinds);
        Assert.True(page.Contains(table, StringComparison.Ordinal), $"docs/platforms.md should have this table:\n{table}");
    }

    [Theory]
    [MemberData(nameof(Everywhere))]
    public async Task A_command_is_answered(string kind)
    {
        var (client, word) = (Client(kind), NewWord());
        await client.SayAsync($"/who {word}");
        var said = await fixture.SaysAsync(client, $"said: {word}");
        Assert.Matches($"pe_[0-9a-f]+ on {kind.Split(' ')[0]}, ", said.Text);
    }

    [Theory]
    [MemberData(nameof(Everywhere))]
    public async Task A_mistyped_command_is_no_question_and_a_path_is_one(string kind)
    {
        var (client, word) = (Client(kind), NewWord());
        fixture.Assistant.Script = (_, answer) => fixture.Assistant.FinishAsync(answer, new AnswerEnd($"答复 {word}"));
        await client.SayAsync($"/whoamy {word}");
        await fixture.SaysAsync(client, s => s.Text.Contains("/whoamy", StringComparison.Ordinal)
            && s.Text.Contains("/whoami", StringComparison.Ordinal) && s.Text.Contains("/help", StringComparison.Ordinal), "the command that was meant");
        // One chat is handled in its order: when this is answered, a question before it would have been asked.
        await client.SayAsync($"/etc/hosts {word}");
        await fixture.SaysAsync(client, $"答复 {word}");
        Assert.Equal($"/etc/hosts {word}", Assert.Single(fixture.Assistant.Messages, m => m.Text.Contains(word, StringComparison.Ordinal)).Text);
    }

    [Theory]
    [MemberData(nameof(Everywhere))]
    public async Task What_is_delivered_twice_is_answered_once(string kind)
    {
        var (client, word, next) = (Client(kind), NewWord(), NewWord());
        var deliveredTwice = await client.SayTwiceDeliveredAsync($"/who {word}");
        await fixture.SaysAsync(client, $"said: {word}");
        await fixture.UntilAsync(deliveredTwice, "the second delivery");
        await client.SayAsync($"/who {next}");
        await fixture.SaysAsync(client, $"said: {next}");
        Assert.Equal(1, await ConformanceFixture.CountAsync(client, $"said: {word}"));
    }

    [Theory]
    [MemberData(nameof(Everywhere))]
    public async Task What_is_refused_is_refused_in_words(string kind)
    {
        var client = Client(kind);
        await client.SayAsync("/link 000000");
        // In the language in which they wrote last.
        await fixture.SaysAsync(client, s => Refusal().IsMatch(s.Text), "a refusal");
    }

    [Theory]
    [MemberData(nameof(WithCalls))]
    public async Task A_call_that_is_refused_for_now_is_made_again_and_shows_once(string kind)
    {
        var (client, word) = (Client(kind), NewWord());
        await client.RefuseNextAsync();
        await client.SayAsync($"/who {word}");
        await fixture.SaysAsync(client, $"said: {word}");
        Assert.Equal(1, await ConformanceFixture.CountAsync(client, word));
        await client.AssertRefusedAsync();
    }

    [Theory]
    [MemberData(nameof(WithCredentials))]
    public async Task The_doctor_looks_at_its_credentials(string kind)
    {
        var check = Client(kind).DoctorCheck;
        using var run = await fixture.Gateway.Http.PostAsJsonAsync(new Uri("/api/v1/doctor/run", UriKind.Relative), new { }, TestContext.Current.CancellationToken);
        var report = JsonNode.Parse(await run.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        var found = report!["checks"]!.AsArray().Single(c => c!["id"]!.GetValue<string>() == check)!;
        Assert.True(found["status"]!.GetValue<string>() == "ok", found.ToJsonString());
    }

    [Theory]
    [MemberData(nameof(Everywhere))]
    public async Task What_fails_is_apologised_for_with_a_reference_that_finds_the_log_lines(string kind)
    {
        var client = Client(kind);
        await client.SayAsync("/boom");
        var said = await fixture.SaysAsync(client, s => Reference().IsMatch(s.Text), "a reference");
        Assert.DoesNotContain("inner detail", said.Text, StringComparison.Ordinal);
        Assert.Contains(Reference().Match(said.Text).Value, fixture.Gateway.Logs.Text, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Everywhere))]
    public async Task A_question_is_answered_whole_and_once(string kind)
    {
        var (client, word) = (Client(kind), NewWord());
        fixture.Assistant.Script = (_, answer) => fixture.Assistant.FinishAsync(answer, new AnswerEnd($"答复 **{word}**。") { Note = "来源：ERP" });
        await client.SayAsync($"问 {word}");
        var said = await fixture.SaysAsync(client, s => s.Text.Contains(word, StringComparison.Ordinal) && s.Text.Contains("来源：ERP", StringComparison.Ordinal), word);
        Assert.DoesNotContain("来源：ERP来源", said.Text, StringComparison.Ordinal);
        Assert.Equal(1, await ConformanceFixture.CountAsync(client, word));
        var asked = fixture.Assistant.Messages.Single(m => m.Text == $"问 {word}");
        Assert.Equal((kind.Split(' ')[0], false), (asked.Platform, asked.IsGroup));
    }

    [Theory]
    [MemberData(nameof(Everywhere))]
    public async Task A_person_is_told_something_that_they_did_not_ask_for(string kind)
    {
        var (client, word) = (Client(kind), NewWord());
        fixture.Assistant.Script = (_, answer) => fixture.Assistant.FinishAsync(answer, new AnswerEnd("…"));
        await client.SayAsync($"问 {word}");
        await fixture.UntilAsync(() => fixture.Assistant.Messages.Any(m => m.Text == $"问 {word}"), "the question");
        var asked = fixture.Assistant.Messages.Single(m => m.Text == $"问 {word}");
        var channel = fixture.ChannelOf(asked.Platform);
        await fixture.Gateway.Services.GetRequiredService<IDatabase>().TransactAsync(async unit =>
        {
            await channel.SayAsync(unit, asked.App, asked.Reply, UnifiedResponse.Text($"通知 {word}"), $"told {word}", "7QX4-M0RT");
            await channel.SayAsync(unit, asked.App, asked.Reply, UnifiedResponse.Text($"通知 {word}"), $"told {word}", "7QX4-M0RT");
            return true;
        }, TestContext.Current.CancellationToken);
        await fixture.SaysAsync(client, $"通知 {word}");
        await client.SayAsync($"/who {word}");
        await fixture.SaysAsync(client, $"said: {word}");
        Assert.Equal(1, await ConformanceFixture.CountAsync(client, $"通知 {word}"));
    }

    [Theory]
    [MemberData(nameof(Everywhere))]
    public async Task A_long_answer_is_read_while_it_is_written_or_comes_whole(string kind)
    {
        var (client, first, rest, after) = (Client(kind), NewWord(), NewWord(), NewWord());
        var (begun, seen) = (new TaskCompletionSource(), new TaskCompletionSource());
        fixture.Assistant.Script = async (_, answer) =>
        {
            answer.Append($"{first}，");
            begun.TrySetResult();
            await seen.Task;
            answer.Append(rest);
            await fixture.Assistant.FinishAsync(answer, new AnswerEnd($"{first}，{rest}"));
        };
        await client.SayAsync("写长一点");
        if (Kind(kind).Can(ChannelCapability.GrowingAnswers))
        {
            await fixture.SaysAsync(client, first);
        }
        else
        {
            // What is asked after it is answered before it.
            await begun.Task.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
            await client.SayAsync($"/who {after}");
            await fixture.SaysAsync(client, $"said: {after}");
            Assert.Equal(0, await ConformanceFixture.CountAsync(client, first));
        }

        seen.SetResult();
        await fixture.SaysAsync(client, $"{first}，{rest}");
        Assert.Equal(1, await ConformanceFixture.CountAsync(client, first));
    }

    [Theory]
    [MemberData(nameof(Everywhere))]
    public async Task A_click_below_an_answer_comes_back_as_who_clicked(string kind)
    {
        var (client, word) = (Client(kind), NewWord());
        fixture.Assistant.Script = (message, answer) => fixture.Assistant.FinishAsync(answer, new AnswerEnd(word) { Buttons = ScriptedAssistant.Buttons(message) });
        var turn = "";
        fixture.Assistant.Arrives = message =>
        {
            if (message.Text == $"问 {word}") turn = ScriptedAssistant.TurnOf(message);
            return message;
        };
        await client.SayAsync($"问 {word}");
        await fixture.SaysAsync(client, word);
        Assert.True(Kind(kind).Can(ChannelCapability.AnswerButtons), "No platform is without them; let one be, and say what is there in their place.");
        var button = (await fixture.SaysAsync(client, s => s.Buttons.Any(b => b.Label == "重新生成"), "the buttons")).Buttons.Single(b => b.Label == "重新生成");
        await button.ClickAsync();
        await fixture.UntilAsync(() => fixture.Assistant.Actions.Any(a => a.Action.Turn == turn), "the click");
        var (action, by) = fixture.Assistant.Actions.Single(a => a.Action.Turn == turn);
        Assert.Equal((AnswerActionKind.Again, kind.Split(' ')[0]), (action.What, by.Ids[0].Platform));
    }

    [Theory]
    [MemberData(nameof(Everywhere))]
    public async Task A_picture_can_be_read(string kind)
    {
        Assert.True(Kind(kind).Can(ChannelCapability.Files), "No platform is without them; let one be, and say what is there in their place.");
        var (client, png) = (Client(kind), SentFiles.Png(3000));
        var before = fixture.Assistant.Messages.Count;
        fixture.Assistant.Script = (_, answer) => fixture.Assistant.FinishAsync(answer, new AnswerEnd("看到了"));
        await client.SendPictureAsync(png);
        await fixture.UntilAsync(() => fixture.Assistant.Messages.Count > before, "the picture");
        var message = fixture.Assistant.Messages.Last();
        using var copy = new MemoryStream();
        await fixture.ChannelOf(message.Platform).ReadAttachmentAsync(message.App, Assert.Single(message.Attachments), copy, 1 << 20, TestContext.Current.CancellationToken);
        Assert.Equal(SentFiles.Hash(png), SentFiles.Hash(copy.ToArray()));
    }

    [Theory]
    [MemberData(nameof(WithGroupsAndQuotes))]
    public async Task In_a_group_it_answers_who_mentions_it_and_nobody_else(string kind)
    {
        var (client, unasked, asked) = (Client(kind), NewWord(), NewWord());
        await client.SayInGroupAsync($"/who {unasked}", mention: false);
        await client.SayInGroupAsync($"/who {asked}", mention: true);
        await fixture.SaysAsync(client, $"said: {asked}");
        Assert.Equal(0, await ConformanceFixture.CountAsync(client, unasked));
    }

    [Theory]
    [MemberData(nameof(WithGroupsAndQuotes))]
    public async Task What_somebody_points_at_comes_along(string kind)
    {
        var (client, theirs, own) = (Client(kind), NewWord(), NewWord());
        fixture.Assistant.Script = (_, answer) => fixture.Assistant.FinishAsync(answer, new AnswerEnd("…"));
        await client.QuoteAsync(theirs, own);
        await fixture.UntilAsync(() => fixture.Assistant.Messages.Any(m => m.Text.Contains(own, StringComparison.Ordinal)), "the question");
        var message = fixture.Assistant.Messages.Single(m => m.Text.Contains(own, StringComparison.Ordinal));
        var quoted = Assert.IsType<QuotedMessage>(message.Quoted);
        if (quoted.Text is null) quoted = await fixture.ChannelOf(message.Platform).ReadQuotedAsync(message.App, quoted, TestContext.Current.CancellationToken);
        Assert.Equal(theirs, quoted.Text);
    }

    [Theory]
    [MemberData(nameof(Everywhere))]
    public async Task A_commands_card_has_its_buttons_or_says_its_facts(string kind)
    {
        var client = Client(kind);
        await client.SayAsync("/face please");
        var said = await fixture.SaysAsync(client, s => s.Text.Contains("天数", StringComparison.Ordinal) || s.Text.Contains("Days", StringComparison.Ordinal), "the card");
        if (!Kind(kind).Can(ChannelCapability.CardButtons))
        {
            Assert.DoesNotContain(said.Buttons, b => b.Label is "好的" or "Take it");
            return;
        }

        var shown = await said.Buttons.Single(b => b.Label is "好的" or "Take it").ClickAsync();
        Assert.Contains("休假愉快 L-1", shown, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Everywhere))]
    public async Task A_business_systems_form_is_a_card_or_is_written_behind_its_command(string kind)
    {
        var client = Client(kind);
        using var put = await fixture.Gateway.Http.PutAsJsonAsync(new Uri("/api/v1/commands/leave", UriKind.Relative), CommandFixture.Leave, TestContext.Current.CancellationToken);
        Assert.True(put.IsSuccessStatusCode, await put.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        await client.SayAsync("/leave");
        if (Kind(kind).Can(ChannelCapability.CardForms)) await fixture.SaysAsync(client, s => s.Text.Contains("\"tag\":\"form\"", StringComparison.Ordinal), "the form");
        else await fixture.SaysAsync(client, s => WrittenForm().IsMatch(s.Text), "how it is written");
    }

    private ChannelKind Kind(string name) => fixture.Kinds.Single(k => k.Name == name);

    private PlatformClient Client(string kind) => fixture.ClientOf(Kind(kind));

    private static string NewWord() => "w" + Guid.NewGuid().ToString("N")[..10];

    [GeneratedRegex("[0-9A-Z]{4}-[0-9A-Z]{4}")]
    private static partial Regex Reference();

    [GeneratedRegex("验证码无效|This code is not valid|这些账号不能用这种方式关联|These accounts cannot be linked")]
    private static partial Regex Refusal();

    [GeneratedRegex("/leave (类型|Kind)=")]
    private static partial Regex WrittenForm();
}
