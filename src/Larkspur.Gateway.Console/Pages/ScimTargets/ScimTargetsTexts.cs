using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.People.ScimTargets.Rest;

namespace Larkspur.Gateway.Console.Pages.ScimTargets;

/// <summary>What the pages of SCIM targets say.</summary>
internal static partial class ScimTargetsTexts
{
    /// <summary>How a target stands.</summary>
    public static LocalText StateOf(ScimTargetView target) => target is { State: "active", Failing: > 0 } ? SomeFail
        : FindState(target.State) ?? LocalText.From(target.State);

    public static string ColourOf(ScimTargetView target) => target.State switch
    {
        "paused" => "bad",
        "away" or "waiting" => "warn",
        "syncing" => "busy",
        _ => target.Failing > 0 ? "warn" : "good",
    };

    /// <summary>Why it is away or paused, or what it waits for; null: nothing of it.</summary>
    public static LocalText? MessageOf(ScimTargetView target) =>
        target is { Message: { } english, MessageZh: { } chinese } ? new(chinese, english) : null;

    /// <summary>The field that is the userName, as people call it.</summary>
    public static LocalText FieldOf(string name) => FindField(name)
        ?? (name.StartsWith(TargetDraft.OwnField, StringComparison.Ordinal)
            ? OwnFieldOf(name[TargetDraft.OwnField.Length..]) : LocalText.From(name));

    public static LocalText GroupsOf(string groups) => groups == "none" ? GroupsNone : GroupsDepartments;

    /// <summary>What would become of somebody.</summary>
    public static LocalText ActionOf(string action) => FindAction(action) ?? LocalText.From(action);

    public static string ColourOfAction(string action) => action switch
    {
        "create" or "adopt" or "join" => "good",
        "change" => "busy",
        "deactivate" => "bad",
        _ => "off",
    };

    /// <summary>What a sync would change, in a line.</summary>
    public static LocalText CountsOf(ScimDifferenceView difference)
    {
        var parts = new List<LocalText>();
        Add(difference.Created, CountCreated);
        Add(difference.Adopted, CountAdopted);
        Add(difference.Changed, CountChanged);
        Add(difference.Deactivated, CountDeactivated);
        Add(difference.LeftOut, CountLeftOut);
        Add(difference.GroupsChanged, CountGroups);
        Add(difference.MembersJoining, CountJoining);
        Add(difference.MembersLeaving, CountLeaving);
        Add(difference.Unchanged, CountUnchanged);
        return parts.Count == 0 ? NobodyToPush : LocalText.List(parts);

        void Add(long count, Func<long, LocalText> said)
        {
            if (count > 0) parts.Add(said(count));
        }
    }
}
