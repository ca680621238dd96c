using Larkspur.Feishu.Messaging.Streaming;
using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Assistant.Turns;
using Larkspur.Gateway.Common;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Common.Refusals;
using Larkspur.Gateway.Conversations;
using Larkspur.Gateway.Documents;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Storage.Leases;

namespace Larkspur.Gateway.Assistant.Documents;

/// <summary>Saves answers as documents of those who asked. The wish is recorded with the click; under the turn's name there is one document, however often it is tried.</summary>
internal sealed partial class AnswerSaver(IDatabase database, TurnStore store, IDocuments documents, FeishuApps apps,
    IEnumerable<IConversationChannel> channels, ILeases leases, TimeProvider clock, ILogger<AnswerSaver> logger)
    : DueRows(leases, "Answers could not be saved", logger)
{
    private const int LongestTitle = 60;
    private static readonly TimeSpan GiveUpAfter = TimeSpan.FromMinutes(10);

    private readonly IReadOnlyDictionary<string, IConversationChannel> _channels = channels.ToDictionary(c => c.Platform, StringComparer.Ordinal);

    /// <summary>Whether an answer can become a document: the person must be known to a Feishu app.</summary>
    public static bool CanSave(Turn turn) => OwnerOf(turn) is not null;

    /// <summary>Records the wish.</summary>
    /// <returns>False: it was recorded before.</returns>
    public async ValueTask<bool> StoreAsync(IUnitOfWork unit, long turn, DateTimeOffset now)
    {
        if (await unit.ExecuteAsync("UPDATE assistant_turn SET save_at = $2 WHERE id = $1 AND save_at IS NULL", turn, now.ToUnixTimeMilliseconds()) == 0) return false;
        Stored(unit);
        return true;
    }

    protected override async Task WorkAsync(Partitions parts, CancellationToken stopping)
    {
        foreach (var (id, since) in await LoadAsync(parts, stopping)) await TrySaveAsync(id, since, stopping);
    }

    /// <summary>Each by itself: the one that cannot be saved is the first of them every time.</summary>
    private async Task TrySaveAsync(long id, DateTimeOffset since, CancellationToken stopping)
    {
        try
        {
            await SaveAsync(id, since, stopping);
        }
        catch (Exception e) when (e is not StorageUnavailableException and not OperationCanceledException)
        {
            SavingFailed(id, e);
            if (clock.GetUtcNow() - since > GiveUpAfter) await database.TransactAsync(unit => EndAsync(unit, id, saved: false), stopping);
        }
    }

    private Task<List<(long Id, DateTimeOffset Since)>> LoadAsync(Partitions parts, CancellationToken cancellation) => database.ReadAsync(sql => sql.QueryAsync(
        "SELECT id, save_at FROM assistant_turn WHERE save_at > 0 AND (($1 >> partition) & 1) = 1 ORDER BY id LIMIT 20", static row => (row.GetInt64(0), row.Time(1)), parts.Value), cancellation);

    private async Task SaveAsync(long id, DateTimeOffset since, CancellationToken stopping)
    {
        if (await store.FindAsync(id, stopping) is not { Answer: { Length: > 0 } answer } turn || OwnerOf(turn) is not { } owner || !apps.TryGet(owner.App, out var app))
        {
            await database.TransactAsync(unit => EndAsync(unit, id, saved: false), stopping);
            return;
        }

        string words;
        var isSaved = false;
        try
        {
            var saved = await documents.SaveAsync(app, new NewDocument(TitleOf(turn), answer, owner.OpenId, turn.Name), stopping);
            words = AssistantTexts.Saved(saved.Title, saved.Address).In(turn.Language);
            isSaved = true;
        }
        catch (Exception e) when (e is PlatformNetworkException or TimeoutException or PlatformApiException { IsTransient: true } && clock.GetUtcNow() - since < GiveUpAfter)
        {
            SavingPostponed(id, e.Message);
            return;
        }
        catch (Exception e) when (e is PlatformApiException or PlatformNetworkException or TimeoutException or RequestRefusedException or ArgumentException)
        {
            NotSaved(id, e.Message, turn.Reference);
            words = (e is PlatformApiException { FailureKind: FailureKind.Permission }
                ? AssistantTexts.NotSavedScope(turn.Reference) : AssistantTexts.NotSaved(turn.Reference)).In(turn.Language);
        }

        await database.TransactAsync(async unit =>
        {
            await EndAsync(unit, id, isSaved);
            if (_channels.TryGetValue(turn.Platform, out var channel)) await channel.SayAsync(unit, turn.App, turn.Reply, new UnifiedResponse(words), $"saved {turn.Name} {since.ToUnixTimeMilliseconds()}", turn.Reference);
        }, stopping);
    }

    /// <summary>What is saved is not saved twice; what could not be may be tried again by the button.</summary>
    private static async ValueTask EndAsync(IUnitOfWork unit, long id, bool saved) => await unit.ExecuteAsync("UPDATE assistant_turn SET save_at = $2 WHERE id = $1", id, saved ? 0L : null);

    private static string TitleOf(Turn turn)
    {
        var line = StreamingCardFace.SummaryOf(turn.Question);
        return line.Length <= LongestTitle ? line : string.Concat(line.AsSpan(0, char.IsHighSurrogate(line[LongestTitle - 1]) ? LongestTitle - 1 : LongestTitle), "…");
    }

    private static (string App, string OpenId)? OwnerOf(Turn turn) =>
        turn.Sender.Ids.FirstOrDefault(i => i is { Platform: PlatformNames.Feishu, Kind: "open_id" }) is { Value: { Length: > 0 } openId } id ? (id.Scope, openId) : null;

    [LoggerMessage(LogLevel.Error, "The answer of turn {TurnId} could not be saved")]
    private partial void SavingFailed(long turnId, Exception error);
    [LoggerMessage(LogLevel.Information, "The answer of turn {TurnId} is not saved yet ({Reason}); trying again")]
    private partial void SavingPostponed(long turnId, string reason);
    [LoggerMessage(LogLevel.Warning, "The answer of turn {TurnId} could not be saved ({Reason}), reference {Reference}")]
    private partial void NotSaved(long turnId, string reason, string reference);
}
