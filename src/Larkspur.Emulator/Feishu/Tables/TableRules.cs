namespace Larkspur.Emulator.Feishu.Tables;

/// <summary>Where the platform's pages are silent, or where it depends: how tables behave from now on. Set by the control API.</summary>
/// <remarks>Every default is UNVERIFIED but for <see cref="WriteLockMs"/> and <see cref="RepeatSeconds"/>, which are off.</remarks>
internal sealed record TableRules
{
    /// <summary>For so long an answer is given again for its <c>client_token</c>; 0: tokens are not remembered.</summary>
    public int ClientTokenMinutes { get; init; } = 60;

    /// <summary>For so long after a write another one to the same table is 1254291; 0: never.</summary>
    public int WriteLockMs { get; init; }

    /// <summary>For so long the same update sent again is 1254608; 0: never.</summary>
    public int RepeatSeconds { get; init; }

    /// <summary>
    /// A change of cells raises the table's revision; without, only rows that come and go and changes of fields and names do.
    /// </summary>
    public bool CellsRaiseRevision { get; init; } = true;

    /// <summary>A batch raises the revision once for each row.</summary>
    public bool RevisionPerRow { get; init; }

    /// <summary>A write of values that stand there already counts as a change.</summary>
    public bool EqualWritesCount { get; init; }

    /// <summary>The event of an edit lists all cells of the row, not the changed ones alone.</summary>
    public bool EventsListAllFields { get; init; }

    /// <summary>A renamed option is told as an edit of its rows too.</summary>
    public bool OptionRenameEditsRows { get; init; }

    /// <summary>Times of rows are cut to so many milliseconds.</summary>
    public int TimeResolutionMs { get; init; } = 1000;

    /// <summary>For so long a page token of search is good; 0: without end.</summary>
    public int PageTokenSeconds { get; init; }

    /// <summary>Whom events name for what an app wrote with its tenant token: <c>bot</c> or <c>empty</c>.</summary>
    public string TenantOperator { get; init; } = "bot";
}

/// <summary>The rules in force.</summary>
internal sealed class CurrentTableRules : IResettableState
{
    private volatile TableRules _rules = new();

    public TableRules Now
    {
        get => _rules;
        set => _rules = value;
    }

    public void Reset() => _rules = new TableRules();
}
