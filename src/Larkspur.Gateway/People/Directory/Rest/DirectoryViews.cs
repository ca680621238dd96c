using System.Text.Json.Serialization;
using Larkspur.Gateway.People.Directory.Rows;

namespace Larkspur.Gateway.People.Directory.Rest;

/// <summary>What a directory says of an account.</summary>
internal sealed record DirectoryEntryView
{
    /// <summary>active, inactive (not opened yet), frozen, left, hidden (the app may not see them any more), unknown (whether they may
    /// work is withheld).</summary>
    public required string Status { get; init; }

    /// <summary>When they left.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? LeftAt { get; init; }

    /// <summary>Their departments, the main one marked.</summary>
    public required IReadOnlyList<PlaceView> Departments { get; init; }

    /// <summary>What it told of them, by name: name, en_name, employee_no, job_title, work_email, email, mobile, city, joined_on, leader,
    /// user_id, and the company's own as custom.…; what is absent was withheld.</summary>
    public required IReadOnlyDictionary<string, string> Fields { get; init; }
}

/// <summary>A department that somebody is in.</summary>
/// <param name="Id">Its number, for <c>GET /departments/{id}</c>; null: the gateway does not know it.</param>
/// <param name="Key">The platform's id of it.</param>
/// <param name="Name">Its name; null: withheld.</param>
/// <param name="Main">It is their main one.</param>
/// <param name="Leads">They lead it.</param>
internal sealed record PlaceView(long? Id, string Key, string? Name, bool Main, bool Leads);

/// <summary>What is known of a person, of all that directories and administrators say.</summary>
/// <param name="Name">name, en_name, employee_no, job_title, work_email, email, mobile, city, joined_on, leader, user_id,
/// custom.…</param>
/// <param name="Value">What counts: an administrator's word before a directory's.</param>
/// <param name="Source"><c>manual</c>, or the platform whose directory says it.</param>
/// <param name="Verified">The gateway has proof of it itself. What directories tell was entered by somebody, and is not.</param>
internal sealed record PersonFieldView(string Name, string Value, string Source, bool Verified);

/// <summary>What befell a person.</summary>
/// <param name="At">When it was noticed.</param>
/// <param name="Kind">joined, returned, changed, frozen, left, hidden.</param>
/// <param name="Run">The run that did it; null: an event, or a system that provisions.</param>
/// <param name="Changes">What is different.</param>
internal sealed record PersonHistoryView(DateTimeOffset At, string Kind, long? Run, IReadOnlyList<FieldChangeView> Changes);

/// <summary>A person's history.</summary>
/// <param name="Items">The newest first, 200 at most.</param>
internal sealed record PersonHistoryListView(IReadOnlyList<PersonHistoryView> Items);

/// <summary>A field that is different.</summary>
/// <param name="Field">Its name.</param>
/// <param name="From">What it was; null: nothing was known.</param>
/// <param name="To">What it is.</param>
internal sealed record FieldChangeView(string Field, string? From, string? To);

/// <summary>A department.</summary>
internal sealed record DepartmentView
{
    /// <summary>Its number.</summary>
    public required long Id { get; init; }

    public required string Platform { get; init; }

    /// <summary>The app whose directory has it.</summary>
    public required string App { get; init; }

    /// <summary>The platform's id that never changes.</summary>
    public required string Key { get; init; }

    /// <summary>The company's own id of it.</summary>
    public string? CustomId { get; init; }

    /// <summary>Null: withheld.</summary>
    public string? Name { get; init; }

    public string? EnName { get; init; }

    /// <summary>The number of the one above; null: it is at the top.</summary>
    public long? Parent { get; init; }

    /// <summary>The platform's ids of who leads it; null: withheld.</summary>
    public IReadOnlyList<string>? Leaders { get; init; }

    /// <summary>Its direct members.</summary>
    public required long Members { get; init; }

    /// <summary>Departments directly below it.</summary>
    public required long Below { get; init; }
}

/// <summary>Departments.</summary>
/// <param name="Items">In the order that the platforms give them among their neighbours.</param>
/// <param name="Next">The cursor of the next page; absent when there is none.</param>
internal sealed record DepartmentListView(IReadOnlyList<DepartmentView> Items,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? Next);

/// <summary>A run of a directory's sync.</summary>
internal sealed record DirectoryRunView
{
    public required long Id { get; init; }

    public required string Platform { get; init; }

    public required string App { get; init; }

    /// <summary>queued, running, waiting (it asks: apply or discard), complete, failed, discarded, applied (another run did what it
    /// asked).</summary>
    public required string State { get; init; }

    /// <summary>manual, nightly, events, outage (events could not come for a while), confirmed (the question of another run was
    /// answered with yes).</summary>
    public required string Cause { get; init; }

    /// <summary>Who asked for it.</summary>
    public required string AskedBy { get; init; }

    /// <summary>It changes nothing.</summary>
    public required bool DryRun { get; init; }

    /// <summary>Why it failed, or what it asks: a word.</summary>
    public string? Reason { get; init; }

    /// <summary>The same as a sentence.</summary>
    public string? Message { get; init; }

    /// <summary>What the platform answered.</summary>
    public string? Detail { get; init; }

    /// <summary>The run whose question was answered with yes.</summary>
    public long? Confirms { get; init; }

    public required RunCountsView Counts { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    /// <param name="run">The run.</param>
    /// <param name="message">What its reason means, in the reader's language.</param>
    public static DirectoryRunView Of(RunRow run, string? message) => new()
    {
        Id = run.Id, Platform = run.Platform, App = run.App, State = run.State, Cause = run.Cause, AskedBy = run.AskedBy,
            DryRun = run.IsDry, Reason = run.Reason,
        Message = message, Detail = run.Detail, Confirms = run.Confirms, CreatedAt = run.CreatedAt, StartedAt = run.StartedAt,
            EndedAt = run.EndedAt,
        Counts = new(run.Counts.Departments, run.Counts.Members, run.Counts.Joined, run.Counts.Returned, run.Counts.Changed,
            run.Counts.Left, run.Counts.Hidden, run.Counts.DepartmentChanges),
    };
}

/// <summary>What a run met and did; of a dry run, and of one that waits, what it would do.</summary>
/// <param name="Departments">Departments that the platform told of.</param>
/// <param name="Members">Members that it told of.</param>
/// <param name="Joined">New ones.</param>
/// <param name="Returned">Those who had left.</param>
/// <param name="Changed">Those of whom something is different.</param>
/// <param name="Left">Those who are gone.</param>
/// <param name="Hidden">Those whom the app may not see any more.</param>
/// <param name="DepartmentChanges">Departments that were made, changed or taken away.</param>
internal sealed record RunCountsView(long Departments, long Members, long Joined, long Returned, long Changed, long Left, long Hidden,
    long DepartmentChanges);

/// <summary>Runs.</summary>
/// <param name="Items">The newest first.</param>
/// <param name="Next">The cursor of the next page; absent when there is none.</param>
internal sealed record DirectoryRunListView(IReadOnlyList<DirectoryRunView> Items,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? Next);

/// <summary>A run was asked for on each of these directories.</summary>
/// <param name="Runs">They are done by any process of the database.</param>
internal sealed record DirectorySyncView(IReadOnlyList<DirectoryRunView> Runs);

/// <summary>Something that a run changed or would change.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Kind">joined, returned, changed, frozen, left, hidden, department_made, department_changed, department_gone.</param>
/// <param name="Key">The platform's id of the member or the department.</param>
/// <param name="Name">Its name, as far as it is known.</param>
/// <param name="Person">The person; null: a department, or somebody who has not joined yet.</param>
/// <param name="Changes">What is different.</param>
internal sealed record DirectoryChangeView(long Id, string Kind, string Key, string? Name, string? Person,
    IReadOnlyList<FieldChangeView> Changes);

/// <summary>What a run changed.</summary>
/// <param name="Items">In the order in which it came; of joined and changed the first 2,000.</param>
/// <param name="Next">The cursor of the next page; absent when there is none.</param>
internal sealed record DirectoryChangeListView(IReadOnlyList<DirectoryChangeView> Items,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? Next);

/// <summary>Two people who may be one.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Reason">employee_no or email: what both have.</param>
/// <param name="Value">The number or the address.</param>
/// <param name="People">The two.</param>
/// <param name="FoundAt">When it was noticed.</param>
internal sealed record PersonMatchView(long Id, string Reason, string Value, IReadOnlyList<MatchedPersonView> People,
    DateTimeOffset FoundAt);

/// <summary>One of two.</summary>
/// <param name="Id">Their id.</param>
/// <param name="Name">Their name.</param>
/// <param name="Platforms">Where they have accounts.</param>
internal sealed record MatchedPersonView(string Id, string? Name, IReadOnlyList<string> Platforms);

/// <summary>Pairs that wait for an answer.</summary>
/// <param name="Items">The oldest first.</param>
/// <param name="Next">The cursor of the next page; absent when there is none.</param>
internal sealed record PersonMatchListView(IReadOnlyList<PersonMatchView> Items,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? Next);

/// <summary>What became of the answers.</summary>
/// <param name="Joined">Pairs that are one person now.</param>
/// <param name="Dismissed">Pairs that are two.</param>
/// <param name="Unknown">Numbers of which none waits for an answer.</param>
internal sealed record MatchesDecidedView(IReadOnlyList<long> Joined, IReadOnlyList<long> Dismissed, IReadOnlyList<long> Unknown);
