using System.Globalization;
using Larkspur.Gateway.Cards;
using Larkspur.Gateway.Common;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Syncs.Mapping;
using Larkspur.Gateway.Syncs.Rows;
using Larkspur.Gateway.Syncs.Values;

namespace Larkspur.Gateway.Tables.Syncing.Cards;

/// <summary>What the cards of syncs say.</summary>
internal sealed class SyncCardFaces(IEnumerable<ICardCompiler> compilers)
{
    /// <summary>Under which clicks on them come back.</summary>
    public const string Kind = "larkspur.sync";

    private const int MostShown = 200;

    private readonly ICardCompiler _compiler = compilers.Single(compiler => compiler.Platform == PlatformNames.Feishu);

    public string Compile(long card, CardMessage message, bool isResolved = false) =>
        _compiler.Compile(message, new CardFace(Kind, card.ToString(CultureInfo.InvariantCulture)) { IsResolved = isResolved }).Content;

    public static CardMessage Conflict(SyncRecord sync, ConflictRow conflict, long more)
    {
        var field = FieldOf(sync, conflict);
        var isRow = conflict.Kind == ConflictRow.DeletedEdited;
        return new()
        {
            Title = SyncCardTexts.ConflictTitle(sync.Name), Status = CardStatus.Warning, Text = TextOf(conflict, field?.Field ?? ""),
            Facts = isRow ? [] : [.. FactsOf(conflict, field)], Actions = ActionsOf(conflict),
            Footnote = more > 0 ? SyncCardTexts.More(more) : null,
        };
    }

    public static CardMessage Deletions(SyncRecord sync) => new()
    {
        Title = SyncCardTexts.DeletionsTitle(sync.Name, sync.Asks), Status = CardStatus.Warning, Text = SyncCardTexts.DeletionsText,
        Actions =
        [
            Action(SyncCardClicks.Delete, SyncCardTexts.DeleteThem, CardActionStyle.Danger),
            Action(SyncCardClicks.Restore, SyncCardTexts.RestoreThem, CardActionStyle.Default),
        ],
    };

    public static CardMessage Paused(SyncRecord sync) => new()
    {
        Title = SyncCardTexts.PausedTitle(sync.Name), Status = CardStatus.Danger,
        Text = SyncCardTexts.PausedText(SyncCardTexts.FindReason(sync.Paused!) ?? LocalText.From(sync.Paused!)),
        Facts = sync.Detail is { Length: > 0 } detail ? [new(SyncCardTexts.Details, LocalText.From(Short(detail))) { Wide = true }] : [],
        Actions = [Action(SyncCardClicks.Resume, SyncCardTexts.Resume, CardActionStyle.Primary)],
    };

    /// <summary>What became of it.</summary>
    public static CardMessage Closed(SyncRecord sync, ConflictRow? conflict) => new()
    {
        Title = SyncCardTexts.DoneTitle(sync.Name), Status = CardStatus.Closed,
        Text = conflict is null ? SyncCardTexts.Done : conflict.Decision is null ? SyncCardTexts.Changed
            : FieldOf(sync, conflict) is { } field && conflict.Kind != ConflictRow.DeletedEdited
            ? SyncCardTexts.DecidedText(field.Field, conflict.Key ?? "", Shown(field, Value(conflict)))
            : SyncCardTexts.DecidedRow(conflict.Key ?? ""),
    };

    /// <summary>The value that stays.</summary>
    public static string? Value(ConflictRow conflict) => conflict.Decision switch
    {
        Decisions.Table => conflict.TableValue,
        Decisions.Source => conflict.SourceValue,
        _ => conflict.Decided ?? conflict.TableValue,
    };

    private static LocalText TextOf(ConflictRow conflict, string field) => conflict.Kind switch
    {
        ConflictRow.Overwritten => SyncCardTexts.OverwrittenText(field, conflict.Key ?? ""),
        ConflictRow.DeletedEdited => conflict.GoneFrom?.Side == SideName.Table ? SyncCardTexts.DeletedInTable(conflict.Key ?? "")
            : SyncCardTexts.DeletedInSource(conflict.Key ?? ""),
        _ => SyncCardTexts.ConflictText(field, conflict.Key ?? ""),
    };

    private static IEnumerable<CardFact> FactsOf(ConflictRow conflict, FieldMap? field)
    {
        var isLost = conflict.Kind == ConflictRow.Overwritten;
        yield return new(isLost ? SyncCardTexts.Lost : SyncCardTexts.InTable, Shown(field, conflict.TableValue));
        yield return new(isLost ? SyncCardTexts.InTable : SyncCardTexts.InSource, Shown(field, conflict.SourceValue));
        yield return new(SyncCardTexts.Before, Shown(field, conflict.BaseValue));
    }

    private static IReadOnlyList<CardMessageAction> ActionsOf(ConflictRow conflict) => conflict.Kind switch
    {
        ConflictRow.DeletedEdited =>
        [
            Action(Decisions.Keep, SyncCardTexts.KeepRow, CardActionStyle.Primary),
            Action(Decisions.Delete, SyncCardTexts.DeleteRow, CardActionStyle.Danger),
        ],
        ConflictRow.Overwritten =>
        [
            Action(Decisions.Table, SyncCardTexts.BringBack, CardActionStyle.Primary),
            Action(Decisions.Source, SyncCardTexts.LeaveAsIs, CardActionStyle.Default),
        ],
        _ =>
        [
            Action(Decisions.Table, SyncCardTexts.TakeTable, CardActionStyle.Default),
            Action(Decisions.Source, SyncCardTexts.TakeSource, CardActionStyle.Default),
        ],
    };

    private static CardMessageAction Action(string id, LocalText label, CardActionStyle style) =>
        new() { Id = id, Label = label, Style = style };

    private static FieldMap? FieldOf(SyncRecord sync, ConflictRow conflict) =>
        sync.Map is { } map ? StoredMap.Read(map).Fields.FirstOrDefault(field => field.FieldId == conflict.Field) : null;

    private static LocalText Shown(FieldMap? field, string? value) => value is null ? SyncCardTexts.Empty
        : LocalText.From(Short(field?.Kind.IsSet() == true ? string.Join(", ", Canonical.AsSet(value)) : value));

    private static string Short(string text) => text.Length <= MostShown ? text : text[..MostShown] + "…";
}
