using System.Security.Cryptography;
using System.Text.Json.Nodes;
using System.Text;
using Larkspur.Emulator.Feishu.Events;
using Larkspur.Emulator.Wire;
using Larkspur.Emulator.State;
using Larkspur.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Larkspur.Emulator.Tests;

public sealed class EventTests : IAsyncLifetime
{
    private EmulatorApp _emulator = null!;
    private EventReceiver _receiver = null!;

    public async ValueTask InitializeAsync()
    {
        _receiver = await EventReceiver.StartAsync();
        _emulator = await EmulatorApp.StartAsync(s => s with { RealTime = new ManualTimeProvider(), Apps = [EmulatorApp.DefaultApp with { CallbackUrl = _receiver.Url }] });
    }

    public async ValueTask DisposeAsync()
    {
        await _emulator.DisposeAsync();
        await _receiver.DisposeAsync();
    }

    [Fact]
    public async Task A_message_is_pushed_encrypted_and_signed_over_the_raw_body()
    {
        var sent = await _emulator.ActAsync(new { @as = "alice", @do = "send", text = "1+1=2 你好 😀" });
        var pushed = await _receiver.NextAsync("im.message.receive_v1");
        var signed = pushed.Headers["X-Lark-Request-Timestamp"] + pushed.Headers["X-Lark-Request-Nonce"] + EmulatorSettings.DefaultEncryptKey + pushed.Raw;
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(signed))), pushed.Headers["X-Lark-Signature"]);
        Assert.Equal(["encrypt"], JsonNode.Parse(pushed.Raw)!.AsObject().Select(p => p.Key));
        Assert.DoesNotContain("\\u002B", pushed.Raw, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("charset", pushed.ContentType, StringComparison.Ordinal);

        Assert.Equal("2.0", pushed.Json["schema"]!.GetValue<string>());
        Assert.Equal(EmulatorSettings.DefaultVerificationToken, pushed.Json["header"]!["token"]!.GetValue<string>());
        Assert.Equal(EmulatorApp.AppId, pushed.Json["header"]!["app_id"]!.GetValue<string>());
        Assert.Equal(13, pushed.Json["header"]!["create_time"]!.GetValue<string>().Length);
        var message = pushed.Event["message"]!;
        Assert.Equal(sent["message_id"]!.GetValue<string>(), message["message_id"]!.GetValue<string>());
        Assert.Equal("p2p", message["chat_type"]!.GetValue<string>());
        Assert.Equal("""{"text":"1+1=2 你好 😀"}""", message["content"]!.GetValue<string>());
        Assert.Equal(WireIds.OpenId(EmulatorApp.AppId, "alice"), pushed.Event["sender"]!["sender_id"]!["open_id"]!.GetValue<string>());
    }

    [Fact]
    public async Task Without_an_encrypt_key_the_body_is_plain_and_signed_with_an_empty_key()
    {
        await _emulator.ControlAsync(HttpMethod.Patch, $"apps/{EmulatorApp.AppId}", new { encrypt_key = "" });
        await _emulator.ActAsync(new { @as = "alice", @do = "send", text = "plain" });
        var pushed = await _receiver.NextAsync();
        var signed = pushed.Headers["X-Lark-Request-Timestamp"] + pushed.Headers["X-Lark-Request-Nonce"] + pushed.Raw;
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(signed))), pushed.Headers["X-Lark-Signature"]);
        Assert.Equal("2.0", JsonNode.Parse(pushed.Raw)!["schema"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_bot_that_is_mentioned_in_a_group_reads_its_placeholder()
    {
        await _emulator.ActAsync(new { @as = "bob", @do = "send", chat = SeededCompany.PurchasingChat, text = "@Larkspur Assistant 请看 @alice" });
        var message = (await _receiver.NextAsync("im.message.receive_v1")).Event["message"]!;
        Assert.Equal("""{"text":"@_user_1 请看 @_user_2"}""", message["content"]!.GetValue<string>());
        Assert.Equal("bot", message["mentions"]![0]!["mentioned_type"]!.GetValue<string>());
        var bot = await _emulator.CallAsync(HttpMethod.Get, "/open-apis/bot/v3/info", await _emulator.TenantTokenAsync());
        Assert.Equal(bot.Json["bot"]!["open_id"]!.GetValue<string>(), message["mentions"]![0]!["id"]!["open_id"]!.GetValue<string>());
        Assert.Equal("艾丽丝", message["mentions"]![1]!["name"]!.GetValue<string>());
    }

    [Fact]
    public async Task Without_the_scope_for_all_group_messages_only_mentions_arrive()
    {
        await _emulator.ControlAsync(HttpMethod.Patch, $"apps/{EmulatorApp.AppId}", new { granted_scopes = new[] { "im:message.group_at_msg" } });
        await _emulator.ActAsync(new { @as = "bob", @do = "send", chat = SeededCompany.PurchasingChat, text = "just talking" });
        await _emulator.ActAsync(new { @as = "bob", @do = "send", chat = SeededCompany.PurchasingChat, text = "@bot listen" });
        var pushed = await _receiver.NextAsync("im.message.receive_v1");
        Assert.Contains("listen", pushed.Plain, StringComparison.Ordinal);
        Assert.False(pushed.Event["sender"]!["sender_id"]!.AsObject().ContainsKey("user_id"));
    }

    [Fact]
    public async Task A_failed_push_is_tried_again_after_15_s_5_min_1_h_and_6_h_with_the_same_event_id()
    {
        _receiver.Answer = _ => (500, "no");
        await _emulator.ActAsync(new { @as = "alice", @do = "send", text = "try" });
        var first = await _receiver.NextAsync();
        foreach (var (wait, attempt) in new[] { (15, 2), (300, 3), (3600, 4), (21600, 5) })
        {
            await RecordedAsync(attempt - 1);
            await _emulator.AdvanceAsync(TimeSpan.FromSeconds(wait) - TimeSpan.FromMilliseconds(1));
            Assert.Equal(attempt - 1, _emulator.State.Inspector.Pushes().Count);
            await _emulator.AdvanceAsync(TimeSpan.FromMilliseconds(1));
            Assert.Equal(first.EventId, (await _receiver.NextAsync()).EventId);
        }

        await RecordedAsync(5);
        var last = _emulator.State.Inspector.Pushes()[0];
        Assert.Equal((5, (DateTimeOffset?)null), (last.Attempt, last.NextAttempt));
        Assert.EndsWith("given up", last.Verdict, StringComparison.Ordinal);
        Assert.Equal(0, _emulator.Services.GetService(typeof(EventPusher)) is EventPusher pusher ? pusher.Pending : -1);
    }

    [Fact]
    public async Task A_retry_after_the_clock_was_advanced_is_stamped_with_the_real_time_of_its_sending()
    {
        _receiver.Answer = _ => (500, "no");
        await _emulator.ActAsync(new { @as = "alice", @do = "send", text = "try" });
        await _receiver.NextAsync();
        await RecordedAsync(1);
        await _emulator.AdvanceAsync(TimeSpan.FromHours(8));
        var stamp = long.Parse((await _receiver.NextAsync()).Headers["X-Lark-Request-Timestamp"]);
        var real = _emulator.Services.GetRequiredService<EmulatorSettings>().RealTime.GetUtcNow().ToUnixTimeSeconds();
        Assert.InRange(stamp, real - 60, real + 1);
    }

    [Fact]
    public async Task An_acknowledged_retry_ends_the_trying()
    {
        var count = 0;
        _receiver.Answer = _ => Interlocked.Increment(ref count) == 1 ? (503, "") : (200, "{}");
        await _emulator.ActAsync(new { @as = "alice", @do = "send", text = "try" });
        await RecordedAsync(1);
        await _emulator.AdvanceAsync(TimeSpan.FromSeconds(15));
        await RecordedAsync(2);
        Assert.Equal("acknowledged", _emulator.State.Inspector.Pushes()[0].Verdict);
        await _emulator.AdvanceAsync(TimeSpan.FromHours(8));
        Assert.Equal(2, count);
    }

    [Fact]
    public async Task What_people_do_reaches_the_bot_as_events()
    {
        var token = await _emulator.TenantTokenAsync();
        var reply = await _emulator.CallAsync(HttpMethod.Post, "/open-apis/im/v1/messages?receive_id_type=user_id", token,
            new { receive_id = "alice", msg_type = "text", content = """{"text":"hi"}""" });
        var id = reply.Data["message_id"]!.GetValue<string>();

        await _emulator.ActAsync(new { @as = "alice", @do = "read" });
        Assert.Equal(id, (await _receiver.NextAsync("im.message.message_read_v1")).Event["message_id_list"]![0]!.GetValue<string>());
        await _emulator.ActAsync(new { @as = "alice", @do = "react", message_id = id, emoji = "OK" });
        Assert.Equal("OK", (await _receiver.NextAsync("im.message.reaction.created_v1")).Event["reaction_type"]!["emoji_type"]!.GetValue<string>());
        await _emulator.ActAsync(new { @as = "alice", @do = "react", message_id = id, emoji = "OK", remove = true });
        await _receiver.NextAsync("im.message.reaction.deleted_v1");
        var own = (await _emulator.ActAsync(new { @as = "alice", @do = "send", text = "oops" }))["message_id"]!.GetValue<string>();
        await _emulator.ActAsync(new { @as = "alice", @do = "recall", message_id = own });
        Assert.Equal("message_owner", (await _receiver.NextAsync("im.message.recalled_v1")).Event["recall_type"]!.GetValue<string>());

        var group = (await _emulator.ActAsync(new { @as = "alice", @do = "create_group", name = "New", people = new[] { "bob" } }))["chat_id"]!.GetValue<string>();
        await _emulator.ActAsync(new { @as = "alice", @do = "add_bot", chat = group });
        Assert.Equal(group, (await _receiver.NextAsync("im.chat.member.bot.added_v1")).Event["chat_id"]!.GetValue<string>());
        await _emulator.ActAsync(new { @as = "alice", @do = "remove_bot", chat = group });
        await _receiver.NextAsync("im.chat.member.bot.deleted_v1");
        await _emulator.ActAsync(new { @as = "alice", @do = "open" });
        await _receiver.NextAsync("im.chat.access_event.bot_p2p_chat_entered_v1");
    }

    [Fact]
    public async Task Events_are_duplicated_and_reordered_on_demand()
    {
        await _emulator.ControlAsync(HttpMethod.Post, "faults", new { reply = "duplicate", @event = "im.message.receive_v1", count = 1 });
        await _emulator.ActAsync(new { @as = "alice", @do = "send", text = "twice" });
        Assert.Equal((await _receiver.NextAsync()).EventId, (await _receiver.NextAsync()).EventId);

        await _emulator.ControlAsync(HttpMethod.Post, "faults", new { reply = "duplicate", @event = "im.message.receive_v1", count = 1, new_id = true });
        await _emulator.ActAsync(new { @as = "alice", @do = "send", text = "told twice" });
        var (told, again) = (await _receiver.NextAsync(), await _receiver.NextAsync());
        Assert.NotEqual(told.EventId, again.EventId);
        Assert.Equal(told.Event["message"]!["message_id"]!.GetValue<string>(), again.Event["message"]!["message_id"]!.GetValue<string>());

        // It is overtaken within its chat; what is said elsewhere meanwhile does not release it.
        await _emulator.ControlAsync(HttpMethod.Post, "faults", new { reply = "reorder", @event = "im.*", count = 1 });
        await _emulator.ActAsync(new { @as = "alice", @do = "send", text = "first" });
        await _emulator.ActAsync(new { @as = "bob", @do = "send", text = "elsewhere" });
        Assert.Contains("elsewhere", (await _receiver.NextAsync()).Plain, StringComparison.Ordinal);
        await _emulator.ActAsync(new { @as = "alice", @do = "send", text = "second" });
        Assert.Contains("second", (await _receiver.NextAsync()).Plain, StringComparison.Ordinal);
        Assert.Contains("first", (await _receiver.NextAsync()).Plain, StringComparison.Ordinal);
    }

    [Fact]
    public void Encryption_and_signatures_match_the_published_vectors()
    {
        byte[] iv = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15];
        var body = EventEnvelope.Encrypt("larkspur-key", """{"challenge":"c1","token":"vt1","type":"url_verification"}""", iv);
        Assert.Equal("""{"encrypt":"AAECAwQFBgcICQoLDA0OD+Os/mARmUN3BY5bm9KDpqB/GPFrCoV+S87K0Cuh9G3IAVpYHSn9r67NmMhtanZhKpqo39eAEfonKVeY5350Dh4="}""", body);
        Assert.Equal("baf0fcf5527096ca7d8371b1f0588e3468a1606479a29a5fd4fd07482353e863", EventEnvelope.Sign("1700000000", "n0nce", "larkspur-key", body));
        Assert.Equal("fd8b0d1bbb662b1586037b787107560868c13aa9",
            EventEnvelope.SignLegacyCard("1700000000", "n0nce", "vt1", """{"open_id":"ou_1","token":"c-1","action":{"tag":"button"}}"""));
        Assert.Equal("hello world", EventReceiver.Decrypt("test key", "P37w+VZImNgPEO1RBhJ6RtKl7n6zymIbEG1pReEzghk="));
    }

    [Theory]
    [InlineData("""{ "b" : 1.0, "2" : [ ], "1":"\u002b\u4f60\u2028" }""", "{\"1\":\"+你\u2028\",\"2\":[],\"b\":1}")]
    [InlineData("""{"a":1e21,"b":1e-7,"c":0.1,"d":-0.0,"e":123456789012345680000}""", """{"a":1e+21,"b":1e-7,"c":0.1,"d":0,"e":123456789012345680000}""")]
    [InlineData("\"\\u0001\\/\\ud800\\ud83d\\ude00\"", "\"\\u0001/\\ud800😀\"")]
    public void Pushed_json_is_what_javascript_would_write(string from, string expected)
    {
        if (from.Contains("ud800", StringComparison.Ordinal))
        {
            Assert.Equal(expected, CanonicalJson.Write(JsonValue.Create("\u0001/\ud800😀")));
            return;
        }

        Assert.Equal(expected, CanonicalJson.Write(JsonNode.Parse(from)));
    }

    private async Task RecordedAsync(int pushes)
    {
        using var timer = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var watch = _emulator.State.Watch();
        while (_emulator.State.Inspector.Pushes().Count < pushes) await watch.Changes.ReadAsync(timer.Token);
    }
}
