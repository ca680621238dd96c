using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Console.Shell;
using Larkspur.Gateway.People.Directory;
using Larkspur.Gateway.People.Directory.Rows;
using Larkspur.Gateway.People.Directory.Sync;

namespace Larkspur.Gateway.Console.Pages.Directory;

/// <summary>What the pages about the company's directories say.</summary>
internal static partial class DirectoryPageTexts
{
    /// <summary>How a run stands.</summary>
    public static LocalText OfState(string state) => FindStateWord(state) ?? LocalText.From(state);

    /// <summary>What made it begin.</summary>
    public static LocalText OfCause(string cause) => FindCauseWord(cause) ?? LocalText.From(cause);

    /// <summary>The colour of a run's state.</summary>
    public static string ColourOf(string state) => state switch
    {
        RunStates.Queued or RunStates.Running => "busy",
        RunStates.Waiting => "warn",
        RunStates.Failed => "bad",
        RunStates.Complete or RunStates.Applied => "good",
        _ => "off",
    };

    /// <summary>Why it failed, or what it asks; null: neither.</summary>
    public static LocalText? ReasonOf(RunRow run) => run.Reason is { } word
        ? DirectoryTexts.FindReason(word) ?? LocalText.From(word) : null;

    /// <summary>What a run met and did, or would do, in a line.</summary>
    public static LocalText CountsOf(RunRow run)
    {
        var counts = run.Counts;
        if (run.State is RunStates.Queued or RunStates.Running)
            return counts.Members > 0 ? ReadSoFar(counts.Members) : LocalText.From("");
        var (isShown, isAsked) = (IsShown(run), IsOnlyShown(run, ChangeKinds.Left));
        var parts = new List<LocalText>();
        Add(counts.Joined, isShown ? WouldJoin : CountJoined);
        Add(counts.Returned, isShown ? WouldReturn : CountReturned);
        Add(counts.Changed, isShown ? WouldChange : CountChanged);
        Add(counts.Left, isAsked ? WouldLeave : CountLeft);
        Add(counts.Hidden, isShown ? WouldHide : CountHidden);
        Add(counts.DepartmentChanges, isShown ? WouldChangeDepartments : CountDepartments);
        if (parts.Count == 0) return run.State == RunStates.Complete ? NoChange : LocalText.From("");
        return LocalText.List(parts);

        void Add(long count, Func<long, LocalText> said)
        {
            if (count > 0) parts.Add(said(count));
        }
    }

    /// <summary>A change of a run was found and has not taken effect.</summary>
    public static bool IsOnlyShown(RunRow run, string kind) => IsShown(run)
        || (kind == ChangeKinds.Left && run.State is RunStates.Waiting or RunStates.Discarded or RunStates.Applied);

    /// <summary>What a run that waits asks, as a title.</summary>
    public static LocalText AsksOf(RunRow run) => run.Counts.Left > 0
        ? AsksTitle(PlatformTexts.Of(run.Platform), run.Counts.Left) : AsksChanges(PlatformTexts.Of(run.Platform));

    /// <summary>What is asked before its changes are applied.</summary>
    public static LocalText ApplyQuestionOf(RunRow run) => run.Counts.Left > 0
        ? ApplyQuestion(PlatformTexts.Of(run.Platform), run.Counts.Left) : ApplyChangesQuestion(PlatformTexts.Of(run.Platform));

    /// <summary>Nothing of it has taken effect. With the same credentials what was read has, and only who is missing waits.</summary>
    private static bool IsShown(RunRow run) => run.IsDry || run.Reason == "credentials_changed";
}
