using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Larkspur.Emulator.Tests.DingTalk;

public sealed class EventTests : DingTalkTest
{
    private protected override EmulatorSettings Configure(EmulatorSettings settings) => base.Configure(settings) with
    {
        // Those of the published vector of an answer.
        DingTalk = App with { Token = "dtToken", AesKey = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG", ClientId = "dingappkey01" },
    };

    [Fact]
    public async Task The_published_vector_of_an_answer_is_taken()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        receiver.Answer = _ => (200, """{"msg_signature":"99c48f82b9d705f11ddbe41e0c0782d10a0d3f66","timeStamp":"1700000000000","nonce":"nonce42","encrypt":"Q3stYC6hdFzMh9T8HCvyDPAmVUAR9ZeRhlEwYP+nuEDhAGfG60ZxRGlefuzvH+ItOjS4DwezZhPzzRqOgbKBfQ=="}""");
        await HappenAsync(receiver);
        Assert.Equal("taken", (await PushesAsync(1))[0].Verdict);
    }

    [Theory]
    [InlineData("""{"msg_signature":"99c48f82b9d705f11ddbe41e0c0782d10a0d3f67","timeStamp":"1700000000000","nonce":"nonce42","encrypt":"Q3stYC6hdFzMh9T8HCvyDPAmVUAR9ZeRhlEwYP+nuEDhAGfG60ZxRGlefuzvH+ItOjS4DwezZhPzzRqOgbKBfQ=="}""")]
    [InlineData("""{"encrypt":"AAAA"}""")]
    [InlineData("success")]
    [InlineData("")]
    public async Task Any_other_answer_is_not(string answer)
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        receiver.Answer = _ => (200, answer);
        await HappenAsync(receiver);
        Assert.StartsWith("not taken", (await PushesAsync(1))[0].Verdict, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_event_over_http_is_encrypted_and_wants_the_encrypted_word()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        receiver.Answer = _ => (200, Success());
        var answer = await Emulator.ControlAsync(HttpMethod.Post, "push", new { platform = "dingtalk", transport = "webhook", callbackUrl = receiver.Url, type = "bpms_instance_change", @event = new { processInstanceId = "pi" } });
        Assert.Equal(200, answer["status"]!.GetValue<int>());
        var received = await receiver.NextAsync();
        var encrypted = received.Json["encrypt"]!.GetValue<string>();
        Assert.Equal(Sign(received.Query["timestamp"], received.Query["nonce"], encrypted), received.Query["msg_signature"]);
        var plain = JsonNode.Parse(Decrypt(encrypted))!;
        Assert.Equal(("bpms_instance_change", App.CorpId, "pi"), (plain["EventType"]!.GetValue<string>(), plain["CorpId"]!.GetValue<string>(), plain["processInstanceId"]!.GetValue<string>()));
    }

    [Fact]
    public async Task An_event_that_is_not_taken_comes_three_times_and_is_kept_for_who_asks()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        receiver.Answer = _ => (200, "success");
        await HappenAsync(receiver);
        foreach (var wait in new[] { 11, 31 })
        {
            await receiver.NextAsync();
            await PushesAsync(wait == 11 ? 1 : 2);
            // The next try's timer may be armed a moment after the try is written down.
            await AdvanceUntilPushedAsync(wait, wait == 11 ? 2 : 3);
        }

        await UntilAsync(async () => (await StateAsync())["deliveries_under_way"]!.GetValue<int>() == 0);
        var failed = await SendAsync(HttpMethod.Get, $"/call_back/get_call_back_failed_result?access_token={await TokenAsync()}");
        Assert.Equal("user_add_org", Assert.Single(failed.Json["failed_list"]!.AsArray())!["call_back_tag"]!.GetValue<string>());
        Assert.Empty((await SendAsync(HttpMethod.Get, $"/call_back/get_call_back_failed_result?access_token={await TokenAsync()}")).Json["failed_list"]!.AsArray());
    }

    [Fact]
    public async Task An_event_answered_later_over_the_stream_comes_again()
    {
        await using var client = await StreamClient.ConnectAsync(Emulator.Http, "dingappkey01");
        await HappenAsync(null);
        var first = await client.NextAsync();
        await client.AckAsync(first, """{"status":"LATER"}""");
        await AdvanceUntilPushedAsync(11, 1);
        await UntilAsync(async () =>
        {
            await Emulator.AdvanceAsync(TimeSpan.FromSeconds(1));
            return (await StateAsync())["connections"]![0]!["frames_out"]!.GetValue<int>() >= 2;
        });
        var second = await client.NextAsync();
        Assert.Equal(first.Header("eventId"), second.Header("eventId"));
        await client.AckAsync(second, """{"status":"SUCCESS"}""");
        Assert.Equal("taken", (await PushesAsync(2))[0].Verdict);
    }

    private async Task HappenAsync(WebhookReceiver? receiver)
    {
        if (receiver is not null) await ActAsync(new { platform = "dingtalk", @do = "configure", callbackUrl = receiver.Url });
        await ActAsync(new { platform = "dingtalk", @do = "event", type = "user_add_org", @event = new { userId = new[] { "alice" } } });
    }

    private Task AdvanceUntilPushedAsync(int seconds, int pushes) => UntilAsync(async () =>
    {
        if (Emulator.State.Inspector.Pushes().Count >= pushes) return true;
        await Emulator.AdvanceAsync(TimeSpan.FromSeconds(seconds));
        return false;
    });

    private static string Sign(string timestamp, string nonce, string encrypted) =>
        Convert.ToHexStringLower(SHA1.HashData(Encoding.UTF8.GetBytes(string.Concat(new[] { "dtToken", timestamp, nonce, encrypted }.Order(StringComparer.Ordinal)))));

    private static string Success()
    {
        var (text, owner) = ("success"u8.ToArray(), Encoding.UTF8.GetBytes("dingappkey01"));
        var bytes = new List<byte>(new byte[20]);
        var length = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, text.Length);
        for (var i = 0; i < 4; i++) bytes[16 + i] = length[i];
        bytes.AddRange(text);
        bytes.AddRange(owner);
        var padding = 32 - (bytes.Count % 32);
        bytes.AddRange(Enumerable.Repeat((byte)padding, padding));
        using var aes = Cipher();
        var encrypted = Convert.ToBase64String(aes.EncryptCbc([.. bytes], aes.Key.AsSpan(0, 16), PaddingMode.None));
        return new JsonObject { ["msg_signature"] = Sign("1", "n", encrypted), ["timeStamp"] = "1", ["nonce"] = "n", ["encrypt"] = encrypted }.ToJsonString();
    }

    private static string Decrypt(string encrypted)
    {
        using var aes = Cipher();
        var bytes = aes.DecryptCbc(Convert.FromBase64String(encrypted), aes.Key.AsSpan(0, 16), PaddingMode.None);
        return Encoding.UTF8.GetString(bytes, 20, BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(16)));
    }

    private static Aes Cipher()
    {
        var aes = Aes.Create();
        aes.Key = Convert.FromBase64String("abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG=");
        return aes;
    }
}
