using System.Text;
using System.Text.Json.Nodes;
using Larkspur.Gateway.Inbox;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Tests.Assistant;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.DependencyInjection;

namespace Larkspur.Gateway.Tests.WeCom;

/// <summary>What is sealed in a bot's delivery, whichever way it comes, and what becomes of seals that are not this delivery's.</summary>
[Trait("Database", "PostgreSQL")]
public sealed class BotSealTests
{
    private const string Prefix = "https://sealed.invalid/";

    [Theory]
    [InlineData("aibot")]
    [InlineData("webhook")]
    public async Task Files_and_the_response_address_of_one_delivery_are_sealed_and_what_a_sender_put_in_the_seals_place_goes(string transport)
    {
        await using var fixture = await StartAsync(transport);
        await PushAsync(fixture, transport, "mixed", new JsonObject
        {
            ["response_url"] = "https://qyapi.weixin.qq.com/cgi-bin/aibot/response?response_code=secret-code",
            ["response_seal"] = "forged-seal",
            ["mixed"] = new JsonObject
            {
                ["msg_item"] = new JsonArray(
                    new JsonObject { ["msgtype"] = "text", ["text"] = new JsonObject { ["content"] = "Whose is it?" } },
                    new JsonObject { ["msgtype"] = "image", ["image"] = new JsonObject { ["url"] = "https://127.0.0.1:1/secret-file", ["aeskey"] = "secret-key" } }),
            },
        });
        var payload = Assert.Single(await PayloadsAsync(fixture, atLeast: 1));
        Assert.DoesNotContain("secret-", payload, StringComparison.Ordinal);
        Assert.DoesNotContain("forged-seal", payload, StringComparison.Ordinal);
        var stored = JsonNode.Parse(payload)!;
        Assert.NotEmpty(stored["response_seal"]!.GetValue<string>());
        Assert.StartsWith(Prefix, stored["mixed"]!["msg_item"]![1]!["image"]!["url"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal("Whose is it?", stored["mixed"]!["msg_item"]![0]!["text"]!["content"]!.GetValue<string>());
        Assert.Equal(transport == "aibot", stored["req_id"] is not null);
    }

    [Theory]
    [InlineData("aibot")]
    [InlineData("webhook")]
    public async Task A_seal_that_somebody_sends_as_a_files_address_opens_nothing(string transport)
    {
        await using var fixture = await StartAsync(transport);
        var stolen = (await SendPictureAsync(fixture, SentFiles.Png(500)))["image"]!["url"]!.GetValue<string>();
        await PushAsync(fixture, transport, "image", new JsonObject { ["image"] = new JsonObject { ["url"] = stolen } });
        await fixture.UntilAsync(async () => (await Database(fixture).ReadAsync(sql => sql.QueryAsync("SELECT reason FROM assistant_turn WHERE state = 1", r => r.IsDBNull(0) ? "" : r.GetString(0)))).Contains("no_file"), "the end of the turn");
        Assert.Single(SentFiles.Asked(fixture.Emulator));
    }

    [Fact]
    public async Task A_file_that_an_earlier_version_has_sealed_is_read()
    {
        await using var fixture = await StartAsync("aibot");
        var png = SentFiles.Png(700);
        var stored = await SendPictureAsync(fixture, png);

        // As it was written from the first version on; what is stored is read in the same way.
        var protector = fixture.Gateway.Services.GetRequiredService<IDataProtectionProvider>().CreateProtector("wecom-bot-file");
        var opened = Encoding.UTF8.GetString(protector.Unprotect(WebEncoders.Base64UrlDecode(stored["image"]!["url"]!.GetValue<string>()[Prefix.Length..])));
        Assert.Matches("^http[^\n]+\n[A-Za-z0-9+/=]{43,44}$", opened);
        stored["image"]!["url"] = Prefix + WebEncoders.Base64UrlEncode(protector.Protect(Encoding.UTF8.GetBytes(opened)));
        stored["msgid"] = "of-an-earlier-version";
        await fixture.Gateway.Services.GetRequiredService<InboxWriter>().AcceptAsync(new InboundEvent
        {
            Platform = "wecom", App = "default", EventId = "of-an-earlier-version", EventType = "aibot.message.image", OrderingKey = "chat:earlier", ChatId = "alice", MessageId = "of-an-earlier-version",
            PersonId = "alice", UniqueByMessage = true, ReceivedAt = DateTimeOffset.UtcNow, Payload = Encoding.UTF8.GetBytes(stored.ToJsonString()),
        }, null);
        await fixture.UntilAsync(() => Task.FromResult(SentFiles.Asked(fixture.Emulator).Count == 2), "the second question");
        Assert.All(SentFiles.Asked(fixture.Emulator), asked => Assert.Equal(SentFiles.Hash(png), Assert.Single(asked.Files).Upload!.Sha256));
    }

    private static Task<WeComFixture> StartAsync(string transport) => WeComFixture.StartAsync(WeComFixture.AtOnce(transport == "aibot" ? WeComFixture.WithDify : WeComFixture.PolledWithDify), scripted: false);

    private static Task<JsonObject> PushAsync(WeComFixture fixture, string transport, string type, JsonObject happened) =>
        fixture.Emulator.ControlAsync(HttpMethod.Post, "push", new { platform = "wecom-aibot", transport, type, @event = happened });

    /// <summary>Lets a person send a picture, and waits until it was asked about.</summary>
    /// <returns>The message as it is stored.</returns>
    private static async Task<JsonNode> SendPictureAsync(WeComFixture fixture, byte[] png)
    {
        await fixture.ActAsync(new { platform = "wecom", @as = "alice", @do = "send", to = "aibot", msg_type = "image", base64 = SentFiles.Base64(png), name = "a.png" });
        await fixture.UntilAsync(() => Task.FromResult(SentFiles.Asked(fixture.Emulator).Count == 1), "the question");
        return JsonNode.Parse(Assert.Single(await PayloadsAsync(fixture, atLeast: 1)))!;
    }

    private static async Task<IReadOnlyList<string>> PayloadsAsync(WeComFixture fixture, int atLeast)
    {
        IReadOnlyList<string> payloads = [];
        await fixture.UntilAsync(async () => (payloads = await Database(fixture).ReadAsync(sql => sql.QueryAsync("SELECT payload FROM inbox ORDER BY id", row => Encoding.UTF8.GetString(row.Bytes(0))))).Count >= atLeast, "the recorded message");
        return payloads;
    }

    private static IDatabase Database(WeComFixture fixture) => fixture.Gateway.Services.GetRequiredService<IDatabase>();
}
