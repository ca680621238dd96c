using Larkspur.Gateway.Api.Requests;
using Larkspur.Gateway.Common.Refusals;
using Larkspur.Gateway.Syncs.Mapping;
using Larkspur.Gateway.Syncs.Values;

namespace Larkspur.Gateway.Tables.Syncing.Rest;

/// <summary>From a body to a spec, as far as that can be judged without looking at a side.</summary>
internal static class SpecReading
{
    private static readonly string[] Kinds = [.. Enum.GetValues<ValueKind>().Select(kind => kind.Word())];

    /// <exception cref="RequestRefusedException">It cannot be so; the word and the pointer say why.</exception>
    public static SyncSpec Of(PutSync sent)
    {
        var spec = new SyncSpec
        {
            Table = new(sent.Table.Base, sent.Table.Table),
            Source = new(sent.Source.Connection, sent.Source.Table),
            Key = sent.Key,
            Direction = SpecNames.Read(sent.Direction, "/direction", Flow.Both),
            Conflict = SpecNames.Read(sent.Conflict, "/conflict", ConflictPolicy.Ask),
            Fields = [.. sent.Fields.Select(Field)],
            Deletes = Deletes(sent.Deletes ?? new()),
            ChangedColumn = sent.ChangedColumn,
            Sentinel = sent.Sentinel,
            NewKeys = SpecNames.Read(sent.NewKeys, "/new_keys", NewKeys.Wait),
            NewOptions = sent.NewOptions,
            Notify = sent.Notify,
        };
        for (var i = 0; i < spec.Key.Count; i++)
            if (spec.Key.Take(i).Contains(spec.Key[i])) throw Impossible($"/key/{i}", SyncRestTexts.KeyTwice(spec.Key[i]));
        if (spec.NewKeys == NewKeys.Uuid && spec.Key.Count > 1) throw Impossible("/new_keys", SyncRestTexts.UuidOfOne);
        if (spec.NewKeys == NewKeys.Uuid && spec.Direction == Flow.ToTable) throw Impossible("/new_keys", SyncRestTexts.UuidToSource);
        if (spec.Direction == Flow.ToTable && sent.Deletes?.InSource is { } inSource && inSource != "keep")
            throw Impossible("/deletes/in_source", SyncRestTexts.NothingToSource);
        if (spec.Direction == Flow.ToSource && sent.Deletes?.InTable is { } inTable && inTable != "keep")
            throw Impossible("/deletes/in_table", SyncRestTexts.NothingToTable);
        return spec;
    }

    private static FieldSpec Field(SyncField sent, int i) => new()
    {
        Field = sent.Field, Column = sent.Column, Direction = SpecNames.ReadOrNull<Flow>(sent.Direction, $"/fields/{i}/direction"),
        Conflict = SpecNames.ReadOrNull<ConflictPolicy>(sent.Conflict, $"/fields/{i}/conflict"),
        As = sent.As is { } kind ? SpecNames.Demand(kind, $"/fields/{i}/as", Kinds) : null,
    };

    private static DeletionRules Deletes(SyncDeletes sent)
    {
        var usual = new DeletionRules();
        var rules = new DeletionRules
        {
            InTable = SpecNames.Read(sent.InTable, "/deletes/in_table", usual.InTable, DeletionRule.Mark),
            InSource = SpecNames.Read(sent.InSource, "/deletes/in_source", usual.InSource),
            MarkColumn = sent.MarkColumn,
            After = sent.AfterSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : usual.After,
            Most = sent.Most ?? usual.Most,
            MostShare = sent.MostPercent is { } percent ? percent / 100.0 : usual.MostShare,
        };
        if (rules.InSource == DeletionRule.Mark && rules.MarkColumn is null)
            throw BodyRefusals.Missing("/deletes/mark_column", "mark_column", [], "it is the column that says that a row is deleted");
        if (rules.InSource != DeletionRule.Mark && rules.MarkColumn is not null)
            throw Impossible("/deletes/mark_column", SyncRestTexts.MarkWithoutColumn);
        return rules;
    }

    private static RequestRefusedException Impossible(string pointer, Common.Localisation.LocalText text) =>
        RequestRefusedException.Impossible("bad_value", pointer, text);
}
