using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Larkspur.Gateway.Common;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Outbox;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Quota;

/// <summary>Raises alarms: a row that decides which process does it, a log line, a metric, and a message to the administrator.</summary>
/// <remarks>
/// Row and message are one transaction, so each alarm is told exactly once, whatever dies. The message is an ordinary one: it is counted, and when the quota that
/// it tells of is what stops it, it becomes a dead letter; nothing is told about that one.
/// </remarks>
internal sealed partial class QuotaAlarms(
    IDatabase database, IOutboxStore outbox, OutboxSenders senders, QuotaOptions options, AdminOptions admin, QuotaMetrics metrics, ILogger<QuotaAlarms> logger)
{
    private const string Platform = PlatformNames.Feishu;

    /// <summary>Raises what the numbers call for and no process has raised yet.</summary>
    public async Task RaiseAsync(string app, QuotaFacts facts, DateTimeOffset now)
    {
        foreach (var occasion in QuotaOccasions.Untold(app, facts, options))
        {
            await database.TransactAsync(async unit =>
            {
                var first = false;
                foreach (var key in occasion.Keys) first = await QuotaStore.RaiseAsync(unit, app, facts.Month, key, now);
                // The last key is the one that is told.
                if (!first) return false;
                if (admin.FeishuReceiver is not null) senders.Stored(unit, await outbox.AddAsync(unit, Message(app, facts.Month, occasion, now)));
                unit.AfterCommit(() => Raised(app, occasion));
                return true;
            });
        }
    }

    private void Raised(string app, QuotaOccasion occasion)
    {
        metrics.Alarmed(app, occasion.Kind);
        if (occasion.Kind == QuotaOccasionKind.Refused)
            QuotaUsedUp(app, occasion.Used);
        else
            QuotaRunsLow(app, occasion.Percent, occasion.Endpoint ?? "month's", occasion.Used, occasion.Cap);
    }

    private OutboxEntry Message(string app, int month, QuotaOccasion occasion, DateTimeOffset now)
    {
        var cause = $"quota\n{app}\n{month}\n{occasion.Keys[^1]}";
        return new OutboxEntry
        {
            Id = 0,
            Platform = Platform,
            App = admin.FeishuApp!,
            Message = new OutboxMessage
            {
                Operation = MessageOperations.Create,
                Lane = admin.FeishuReceiver!,
                TargetType = admin.ReceiverType,
                Target = admin.FeishuReceiver!,
                MessageType = "text",
                Content = new JsonObject { ["text"] = $"{Text(Language.Chinese, app, occasion)}\n{Text(Language.English, app, occasion)}" }.ToJsonString(JsonSerializerOptions.Web),
            },
            IdempotencyKey = IdempotencyKeys.For(Platform, admin.FeishuApp!, cause, "0"),
            InboxId = 0,
            Partition = OutboxEntry.PartitionOf(admin.FeishuApp!, admin.FeishuReceiver!),
            Reference = Reference.For(Platform, app, cause),
            CreatedAt = now,
            NotBefore = now,
        };
    }

    private static string Text(Language language, string app, QuotaOccasion occasion)
    {
        var used = occasion.Used.ToString("N0", CultureInfo.InvariantCulture);
        var cap = occasion.Cap?.ToString("N0", CultureInfo.InvariantCulture);
        return occasion.Kind switch
        {
            QuotaOccasionKind.Refused => QuotaTexts.Refused(app, used).In(language),
            QuotaOccasionKind.Day => QuotaTexts.Day(app, occasion.Percent, occasion.Endpoint, used, cap).In(language),
            _ => QuotaTexts.Month(app, occasion.Percent, used, cap).In(language),
        };
    }

    [LoggerMessage(LogLevel.Error, "Feishu app {App}: the platform says that the month's API calls are used up (99991403); {Used} were "
        + "counted here. What can wait is held")]
    private partial void QuotaUsedUp(string app, long used);
    [LoggerMessage(LogLevel.Warning, "Feishu app {App}: {Percent} % of the {Api} calls are used, {Used} of {Cap}")]
    private partial void QuotaRunsLow(string app, int percent, string api, long used, long? cap);
}
