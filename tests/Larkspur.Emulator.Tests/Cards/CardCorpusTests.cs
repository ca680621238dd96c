using Larkspur.Emulator.State;
using Larkspur.Testing;

namespace Larkspur.Emulator.Tests.Cards;

/// <summary>Cards that the SDK's validator was written with: what it passes the emulator takes, what it refuses the emulator refuses. The two share no code.</summary>
public sealed class CardCorpusTests
{
    private static readonly string Folder = Path.Combine(Repository.Root, "tests", "Larkspur.Cards.Tests", "Corpus");

    [Fact]
    public async Task Every_good_card_is_taken_and_every_bad_one_refused()
    {
        await using var emulator = await EmulatorApp.StartAsync(s => s with { RateLimitFactor = 0 });
        var token = await emulator.TenantTokenAsync();
        emulator.State.Put(Stored("img_v3_corpus_0001", image: true));
        emulator.State.Put(Stored("file_v3_corpus_0001", image: false));
        var wrong = new List<string>();
        var count = 0;
        foreach (var file in new[] { "good", "bad" }.SelectMany(kind => Directory.EnumerateFiles(Path.Combine(Folder, kind))).Order(StringComparer.Ordinal))
        {
            var (content, good) = (await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken), Path.GetFileName(Path.GetDirectoryName(file)) == "good");
            content = content.Replace("ou_corpus_user", WireIds.OpenId(EmulatorApp.AppId, "alice"), StringComparison.Ordinal);
            var reply = await emulator.CallAsync(HttpMethod.Post, "/open-apis/im/v1/messages?receive_id_type=user_id", token, new { receive_id = "alice", msg_type = "interactive", content });
            count++;
            if (reply.Code == 0 != good) wrong.Add($"{Path.GetFileName(Path.GetDirectoryName(file))}/{Path.GetFileName(file)}: {reply.Code} {reply.Json["msg"]}");
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.True(count >= 200, $"only {count} cards");
    }

    private static StoredFile Stored(string key, bool image) => new()
    {
        Key = key, IsImage = image, Name = key, Type = image ? "message" : "opus", ContentType = image ? "image/png" : "audio/ogg", Bytes = new byte[] { 1 }, OwnerId = EmulatorApp.AppId,
    };
}
