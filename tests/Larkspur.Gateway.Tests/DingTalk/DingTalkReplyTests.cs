using System.Collections.Concurrent;
using System.Text;
using Larkspur.Gateway.Assistant;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Conversations;
using Larkspur.Gateway.Inbox.Dispatch;
using Larkspur.Gateway.People.Identities;
using Larkspur.Gateway.Tests.Assistant;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Larkspur.Gateway.Tests.DingTalk;

/// <summary>People reply to a message and ask the robot about it: what comes to the assistant.</summary>
public sealed class DingTalkReplyTests
{
    private readonly Ears _ears = new();

    [Fact]
    public async Task What_a_colleague_said_comes_with_the_question_and_chooses_neither_language_nor_command()
    {
        await using var fixture = await StartAsync();
        var group = (await fixture.StateAsync())["chats"]!.AsArray().Single(c => c!["title"]!.GetValue<string>() == "采购协作群")!["chat_id"]!.GetValue<string>();
        var said = await SendAsync(fixture, new { platform = "dingtalk", @as = "bob", @do = "send", chat = group, text = "/new 新的订单周五到货", at = false });
        await SendAsync(fixture, new { platform = "dingtalk", @as = "alice", @do = "send", chat = group, text = "Is that on time?", reply_to = said });
        var heard = await HeardAsync(fixture, 1);
        Assert.Equal(("Is that on time?", Language.English), (heard.Text, heard.Language));
        Assert.Equal((said, "/new 新的订单周五到货"), (heard.Quoted!.MessageId, heard.Quoted.Text));
        Assert.Empty(heard.Quoted.Attachments);
        await fixture.AnswerAsync("Is that on time?");
    }

    [Fact]
    public async Task Pictures_and_files_come_by_what_downloads_them_and_voices_as_words()
    {
        await using var fixture = await StartAsync();
        var (png, text) = (SentFiles.Png(100), Encoding.UTF8.GetBytes("Minutes"));
        var picture = await QuotedAsync(fixture, new { platform = "dingtalk", @as = "alice", @do = "send", msg_type = "picture", base64 = SentFiles.Base64(png), name = "a.png" });
        var rich = await QuotedAsync(fixture, new { platform = "dingtalk", @as = "alice", @do = "send", msg_type = "richText", text = "see", base64 = SentFiles.Base64(png), name = "a.png" });
        var file = await QuotedAsync(fixture, new { platform = "dingtalk", @as = "alice", @do = "send", msg_type = "file", base64 = SentFiles.Base64(text), name = "minutes.md" });
        var voice = await QuotedAsync(fixture, new { platform = "dingtalk", @as = "alice", @do = "send", msg_type = "audio", base64 = "AQID", recognition = "two parcels" });
        Assert.Equal(["", "see", "", "two parcels"], new[] { picture, rich, file, voice }.Select(q => q.Text));
        Assert.Equal(["image", "image", "file"], new[] { picture, rich, file, voice }.SelectMany(q => q.Attachments).Select(a => a.Kind));
        Assert.Equal("minutes.md", file.Attachments[0].Name);

        var channel = fixture.Gateway.Services.GetServices<IConversationChannel>().Single(c => c.Platform == "dingtalk");
        foreach (var (quoted, bytes) in new[] { (picture, png), (rich, png), (file, text) })
        {
            using var into = new MemoryStream();
            await channel.ReadAttachmentAsync(_ears.Heard.Last().App, Assert.Single(quoted.Attachments), into, 1 << 20, TestContext.Current.CancellationToken);
            Assert.Equal(bytes, into.ToArray());
        }
    }

    [Fact]
    public async Task A_picture_that_is_pointed_at_is_looked_at_and_words_are_asked_with_the_question()
    {
        await using var fixture = await StartAsync();
        var png = SentFiles.Png(300);
        var picture = await fixture.Emulator.ActAsync(new { platform = "dingtalk", @as = "alice", @do = "send", msg_type = "picture", base64 = SentFiles.Base64(png), name = "a.png" });
        await fixture.MessageAsync(text => text.Contains("收到图片了", StringComparison.Ordinal), "what is asked about the picture");
        await SendAsync(fixture, new { platform = "dingtalk", @as = "alice", @do = "send", text = "And its colour?", reply_to = picture["message_id"]!.GetValue<string>() });
        await fixture.AnswerAsync("And its colour?** (with 1 file)");
        Assert.Equal(SentFiles.Hash(png), Assert.Single(Assert.Single(SentFiles.Asked(fixture.Emulator)).Files).Upload!.Sha256);
    }

    [Fact]
    public async Task Of_the_robots_card_its_words_come_or_nothing_from_an_older_client()
    {
        await using var fixture = await StartAsync();
        await fixture.SayAsync("How many parcels?");
        await fixture.AnswerAsync("How many parcels?");
        var card = (await fixture.SaidAsync())[^1]["message_id"]!.GetValue<string>();
        await SendAsync(fixture, new { platform = "dingtalk", @as = "alice", @do = "send", text = "Sure?", reply_to = card });
        var quoted = (await HeardAsync(fixture, 2)).Quoted!;
        Assert.Equal(card, quoted.MessageId);
        Assert.Contains("How many parcels?", quoted.Text, StringComparison.Ordinal);
        foreach (var (number, detail) in new[] { (3, "head"), (4, "id") })
        {
            await SendAsync(fixture, new { platform = "dingtalk", @as = "alice", @do = "send", text = "Sure?", reply_to = card, reply_detail = detail });
            quoted = (await HeardAsync(fixture, number)).Quoted!;
            Assert.Equal((card, null, 0), (quoted.MessageId, quoted.Text, quoted.Attachments.Count));
        }
    }

    [Fact]
    public async Task Words_are_cut_where_ones_own_are_and_one_who_points_and_says_nothing_is_heard()
    {
        await using var fixture = await StartAsync();
        var @long = await SendAsync(fixture, new { platform = "dingtalk", @as = "alice", @do = "send", text = new string('a', 19_999) + "😀 and more" });
        var own = await HeardAsync(fixture, 1);
        await SendAsync(fixture, new { platform = "dingtalk", @as = "alice", @do = "send", text = " ", reply_to = @long });
        var heard = await HeardAsync(fixture, 2);
        Assert.Equal(("", own.Text), (heard.Text, heard.Quoted!.Text));
        Assert.Equal(19_999, own.Text.Length);
    }

    private Task<DingTalkFixture> StartAsync() => DingTalkFixture.StartAsync(builder => builder.Services.AddSingleton<IAssistant>(services =>
    {
        _ears.Behind = ActivatorUtilities.CreateInstance<AssistantService>(services);
        return _ears;
    }));

    private static async Task<string> SendAsync(DingTalkFixture fixture, object action) => (await fixture.Emulator.ActAsync(action))["message_id"]!.GetValue<string>();

    /// <summary>Says something to the robot, then replies to it.</summary>
    private async Task<QuotedMessage> QuotedAsync(DingTalkFixture fixture, object action)
    {
        var before = _ears.Heard.Count;
        var said = await SendAsync(fixture, action);
        await HeardAsync(fixture, before + 1);
        await SendAsync(fixture, new { platform = "dingtalk", @as = "alice", @do = "send", text = "What is this?", reply_to = said });
        var quoted = (await HeardAsync(fixture, before + 2)).Quoted!;
        Assert.Equal(said, quoted.MessageId);
        return quoted;
    }

    private async Task<UnifiedMessage> HeardAsync(DingTalkFixture fixture, int number)
    {
        await fixture.HoldsAsync(() => Task.FromResult(_ears.Heard.Count >= number), $"message {number}");
        return _ears.Heard.ElementAt(number - 1);
    }

    /// <summary>The assistant, and what it was told.</summary>
    private sealed class Ears : IAssistant
    {
        public AssistantService? Behind { get; set; }

        public ConcurrentQueue<UnifiedMessage> Heard { get; } = [];

        public bool IsOn => Behind!.IsOn;

        public ValueTask<Reaction> ReactAsync(UnifiedMessage message, EventContext context, CancellationToken cancellation)
        {
            // A handler that runs again for the same message tells it once.
            if (Heard.All(h => h.MessageId != message.MessageId)) Heard.Enqueue(message);
            return Behind!.ReactAsync(message, context, cancellation);
        }

        public ValueTask<Reaction> ReactAsync(AnswerAction action, PlatformAccount by, EventContext context, CancellationToken cancellation) => Behind!.ReactAsync(action, by, context, cancellation);
    }
}
