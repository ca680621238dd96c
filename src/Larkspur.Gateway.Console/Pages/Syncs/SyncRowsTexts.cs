using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Syncs.Mapping;
using Larkspur.Gateway.Syncs.Rows;
using Larkspur.Gateway.Syncs.Values;

namespace Larkspur.Gateway.Console.Pages.Syncs;

/// <summary>What the page of a sync says of its rows and fields.</summary>
internal static partial class SyncRowsTexts
{
    public static LocalText ReasonOf(string reason) => FindReason(reason) ?? LocalText.From(reason);

    public static LocalText KindWordOf(ValueKind kind) => FindKindOf(kind.Word()) ?? LocalText.From(kind.Word());

    public static LocalText SideOf(SideName side) => side == SideName.Table ? Table : Source;

    public static LocalText FlowOf(Flow flow) => flow switch
    {
        Flow.ToTable => FlowToTable,
        Flow.ToSource => FlowToSource,
        _ => FlowBoth,
    };

    public static LocalText PolicyOf(ConflictPolicy policy) => policy switch
    {
        ConflictPolicy.Table => PolicyTable,
        ConflictPolicy.Source => PolicySource,
        ConflictPolicy.Newest => PolicyNewest,
        _ => PolicyAsk,
    };

    public static LocalText RuleOf(DeletionRules rules, SideName side) => rules.In(side) switch
    {
        DeletionRule.Delete => RuleDelete,
        DeletionRule.Mark => RuleMark(rules.MarkColumn ?? ""),
        _ => RuleKeep,
    };

    /// <summary>What the button beside a side's value says.</summary>
    public static LocalText TakeOf(ConflictRow conflict, SideName side) => conflict.Kind != ConflictRow.Overwritten ? TakeThis
        : side == SideName.Table ? BringBack : LeaveIt;
}
