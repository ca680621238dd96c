using System.Text.Json;
using System.Text.RegularExpressions;
using Larkspur.Emulator.State;
using Larkspur.Feishu.Cards;

namespace Larkspur.Cards.Tests;

/// <summary>The validator and the emulator were written separately from the same facts. They say the same of every card of the corpus.</summary>
public sealed partial class AgreementTests
{
    [GeneratedRegex("ErrCode: (\\d+)")]
    private static partial Regex SubCode();

    [Fact]
    public async Task What_the_validator_passes_the_emulator_accepts_and_the_reverse()
    {
        await using var emulator = await EmulatorApp.StartAsync(s => s with { RateLimitFactor = 0 });
        emulator.State.Put(new StoredFile { Key = CardCorpus.ImageKey, IsImage = true, Name = "a", Type = "message", ContentType = "image/png", Bytes = new byte[] { 1 }, OwnerId = EmulatorApp.AppId });
        emulator.State.Put(new StoredFile { Key = CardCorpus.FileKey, IsImage = false, Name = "a", Type = "opus", ContentType = "audio/ogg", Bytes = new byte[] { 1 }, OwnerId = EmulatorApp.AppId });
        var token = await emulator.TenantTokenAsync();
        var disagreements = new List<string>();
        foreach (var kind in new[] { "good", "bad" })
        {
            foreach (var name in CardCorpus.Names(kind))
            {
                var card = CardCorpus.Read(kind, name).Replace(CardCorpus.UserId, WireIds.OpenId(EmulatorApp.AppId, "bob"), StringComparison.Ordinal);
                var reply = await emulator.CallAsync(HttpMethod.Post, "/open-apis/im/v1/messages?receive_id_type=chat_id", token,
                    new { receive_id = SeededCompany.PurchasingChat, msg_type = "interactive", content = card });
                var report = CardValidator.Validate(card);
                var expected = kind == "good" ? null : CardCorpus.ExpectedOf(kind, name);
                var wrongCode = expected is { Code: { } code } && reply.Code != code
                    || expected is { SubCode: { } sub } && SubCode().Match(reply.Json.ToJsonString()) is var match && match.Groups[1].Value != sub.ToString();
                if (report.IsValid != (reply.Code == 0) || wrongCode)
                {
                    disagreements.Add($"{kind}/{name}: validator {(report.IsValid ? "passes" : report.ToString())}; emulator {reply.Json.ToJsonString(Relaxed)}");
                }
            }
        }

        Assert.True(disagreements.Count == 0, string.Join('\n', disagreements.Prepend($"{disagreements.Count} disagreements:")));
    }

    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
