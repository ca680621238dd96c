using Larkspur.Gateway.Syncs.Mapping;
using Larkspur.Gateway.Tables.Syncing;

namespace Larkspur.Gateway.Console.Pages.Syncs;

/// <summary>What would come of a spec, as a part of a page is given it.</summary>
public sealed class ShownPlan
{
    internal ShownPlan(SyncPlan plan) => Plan = plan;

    internal SyncPlan Plan { get; }

    /// <summary>What is wrong with a line of the form.</summary>
    internal IEnumerable<MapProblem> ProblemsOf(SyncDraft draft, FieldDraft field)
    {
        var (place, name) = (draft.Mapped.IndexOf(field), draft.TableFields.FirstOrDefault(of => of.Id == field.Field)?.Name);
        return Plan.Found.Problems.Where(problem => problem.Field is { } at ? at == place
            : problem.Given == field.Column.Name || (place >= 0 && problem.Given == name));
    }
}
