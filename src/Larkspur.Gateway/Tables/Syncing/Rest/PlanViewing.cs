using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Syncs.Mapping;
using Larkspur.Gateway.Syncs.Rows;
using Larkspur.Gateway.Syncs.Sides;
using Larkspur.Gateway.Syncs.Values;

namespace Larkspur.Gateway.Tables.Syncing.Rest;

/// <summary>What would come of a spec, for people.</summary>
internal static class PlanViewing
{
    private const int Examples = 3;

    public static SyncPlanView Of(SyncPlan plan, SyncSpec spec)
    {
        var fields = plan.Found.Map.Fields;
        return new()
        {
            Draft = true, Exists = plan.Existing is not null,
            BeginsAnew = plan.Existing is { } known && (known.Spec.Table != spec.Table || known.Spec.Source != spec.Source
                || !known.Spec.Key.SequenceEqual(spec.Key)),
            Problems = [.. plan.Found.Problems.Select(Problem)],
            Mapping = [.. fields.Select((field, i) => Mapping(plan, field, i))],
            UnmappedFields = [.. plan.Table.Columns.Where(column => fields.All(field => field.FieldId != column.Id))
                .Select(column => column.Name)],
            UnmappedColumns = [.. plan.Source.Columns.Where(column => fields.All(field => field.Column != column.Name))
                .Select(column => column.Name)],
            TableRows = plan.TableCount, SourceRows = plan.SourceCount, Differences = SpecDifferences.Of(plan.Existing?.Spec, spec),
        };
    }

    private static SyncPlanProblemView Problem(MapProblem problem)
    {
        var text = SyncRefusals.TextOf(problem);
        return new(SyncRefusals.PointerOf(problem), problem.Word, text.English, text.Chinese);
    }

    private static SyncMappingView Mapping(SyncPlan plan, FieldMap field, int place)
    {
        // One that is gone has no type any more.
        var here = plan.Table.Columns.FirstOrDefault(column => column.Id == field.FieldId);
        var there = plan.Source.Columns.FirstOrDefault(column => column.Name == field.Column);
        return new()
        {
            Field = field.Field, FieldType = here?.Type ?? "", Column = field.Column, ColumnType = there?.Type ?? "",
            Kind = field.Kind.Word(), Direction = SpecNames.Of(field.Flow), Conflict = SpecNames.Of(field.Policy), Key = field.IsKey,
            Losses = [.. (here?.Losses ?? []).Concat(there?.Losses ?? []).Distinct().Where(loss => IsMeant(loss, field.Kind)).Select(Loss)],
            Unreadable = [.. Unreadable(plan.TableRows, SideWord.Table), .. Unreadable(plan.SourceRows, SideWord.Source)],
            TableExamples = [.. Some(plan.TableRows)], SourceExamples = [.. Some(plan.SourceRows)],
        };

        IEnumerable<SyncUnreadableView> Unreadable(IReadOnlyList<SideRow> rows, string side) => rows
            .Where(row => row.Unreadable.ContainsKey(place)).Take(Examples)
            .Select(row => new SyncUnreadableView(side, row.Id, row.Unreadable[place]));

        IEnumerable<System.Text.Json.Nodes.JsonNode?> Some(IReadOnlyList<SideRow> rows) => rows.Select(row => row.Values[place])
            .Where(value => value is not null).Take(Examples).Select(value => FieldValues.Shown(field.Kind, value));
    }

    /// <summary>A column of numbers that is taken for text keeps its digits.</summary>
    private static bool IsMeant(string loss, ValueKind kind) => loss switch
    {
        Syncs.Sides.Losses.Digits => kind == ValueKind.Number,
        Syncs.Sides.Losses.Microseconds => kind == ValueKind.Instant,
        Syncs.Sides.Losses.UnknownBoolean => kind == ValueKind.Boolean,
        Syncs.Sides.Losses.EmptyText => kind is ValueKind.Text or ValueKind.Choice or ValueKind.Link,
        _ => true,
    };

    private static SyncLossView Loss(string loss)
    {
        var text = SyncRestTexts.FindLoss(loss) ?? LocalText.From(loss);
        return new(loss, text.English, text.Chinese);
    }
}
