using System.Text.Json.Serialization;

namespace Larkspur.Gateway.People.ScimTargets.Rest;

/// <summary>SCIM targets.</summary>
/// <param name="Items">By name.</param>
internal sealed record ScimTargetListView(IReadOnlyList<ScimTargetView> Items);

/// <summary>A system that people are pushed to over SCIM, without its token.</summary>
internal sealed record ScimTargetView
{
    public required string Name { get; init; }

    public required string Url { get; init; }

    /// <summary>The field of people that is their userName there.</summary>
    public required string UserName { get; init; }

    /// <summary>departments, none.</summary>
    public required string Groups { get; init; }

    /// <summary>The business system that it belongs to; empty: the administrators'.</summary>
    public required string System { get; init; }

    /// <summary>active, syncing (everything is compared), away (it is tried again by itself), paused (somebody has to mend it), waiting
    /// (more people than usual would be deactivated: sync with confirm).</summary>
    public required string State { get; init; }

    /// <summary>Why it is away or paused: a word; null: it is neither.</summary>
    public string? Reason { get; init; }

    /// <summary>The same in a sentence; or what it waits for.</summary>
    public string? Message { get; init; }

    /// <summary>The same in Chinese.</summary>
    public string? MessageZh { get; init; }

    /// <summary>When it is tried again.</summary>
    public DateTimeOffset? NextTryAt { get; init; }

    /// <summary>People who wait for a yes before they are deactivated.</summary>
    public required long Waiting { get; init; }

    /// <summary>It takes PATCH; null: it was not asked yet.</summary>
    public bool? Patch { get; init; }

    /// <summary>Active people there.</summary>
    public required long Users { get; init; }

    /// <summary>People there who were deactivated.</summary>
    public required long Deactivated { get; init; }

    /// <summary>Groups there.</summary>
    public required long GroupsThere { get; init; }

    /// <summary>People and departments that are not pushed, with a reason.</summary>
    public required long LeftOut { get; init; }

    /// <summary>People and departments that could not be pushed.</summary>
    public required long Failing { get; init; }

    /// <summary>Those that failed, and those that are left out, 50 at most, the latest first.</summary>
    public required IReadOnlyList<ScimFailureView> Failures { get; init; }

    /// <summary>When everything was compared last.</summary>
    public DateTimeOffset? ComparedAt { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset ChangedAt { get; init; }

    public required string ChangedBy { get; init; }
}

/// <summary>Somebody or a department that could not be pushed, or is left out.</summary>
/// <param name="Kind">user, group; member: a person of a group.</param>
/// <param name="Id">The person's id; the department's number.</param>
/// <param name="Name">What they are called.</param>
/// <param name="Reason">A word.</param>
/// <param name="LeftOut">The gateway does not push it; false: the target did not take it.</param>
/// <param name="Status">What the target answered.</param>
/// <param name="ScimType">Its scimType.</param>
/// <param name="Detail">What it said.</param>
/// <param name="Message">All of it in a sentence.</param>
/// <param name="MessageZh">The same in Chinese.</param>
/// <param name="Tries">How often it was tried.</param>
/// <param name="NextTryAt">When it is tried again; absent: when it changes, or every night.</param>
/// <param name="At">When it was noticed.</param>
internal sealed record ScimFailureView(string Kind, string Id, string? Name, string Reason, bool LeftOut, int? Status, string? ScimType,
    string? Detail, string Message, string MessageZh, int Tries,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] DateTimeOffset? NextTryAt, DateTimeOffset At);

/// <summary>What a sync would change; of one that was asked for nothing is known yet.</summary>
internal sealed record ScimSyncView
{
    /// <summary>Nothing changed.</summary>
    public required bool DryRun { get; init; }

    /// <summary>The target as it stands.</summary>
    public required ScimTargetView Target { get; init; }

    /// <summary>What would change; absent: it was no dry run.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ScimDifferenceView? Difference { get; init; }
}

/// <summary>What a sync would change at a target.</summary>
internal sealed record ScimDifferenceView
{
    /// <summary>People who would be made.</summary>
    public required long Created { get; init; }

    /// <summary>People who have an account there that would be taken over.</summary>
    public required long Adopted { get; init; }

    /// <summary>People who would be changed.</summary>
    public required long Changed { get; init; }

    /// <summary>People who would be deactivated.</summary>
    public required long Deactivated { get; init; }

    /// <summary>They are more than usual: they would wait for a yes.</summary>
    public required bool Asks { get; init; }

    /// <summary>People who would be left out.</summary>
    public required long LeftOut { get; init; }

    /// <summary>People who are there as they should be.</summary>
    public required long Unchanged { get; init; }

    /// <summary>Groups that would be made or called otherwise.</summary>
    public required long GroupsChanged { get; init; }

    /// <summary>People who would join a group, once for each group.</summary>
    public required long MembersJoining { get; init; }

    /// <summary>People who would leave a group, once for each group.</summary>
    public required long MembersLeaving { get; init; }

    /// <summary>Everybody who has no account there as far as is known was looked up; false: only the first 200, the others count as
    /// created.</summary>
    public required bool LookedUp { get; init; }

    /// <summary>Who and what, 500 at most; those who are unchanged are not among them.</summary>
    public required IReadOnlyList<ScimDifferenceItem> Items { get; init; }

    /// <summary>Why the target could not be asked; null: it could.</summary>
    public string? Problem { get; init; }

    /// <summary>The same in Chinese.</summary>
    public string? ProblemZh { get; init; }
}

/// <summary>What would become of somebody, or of a department.</summary>
/// <param name="Kind">user, group.</param>
/// <param name="Id">The person's id; the department's number.</param>
/// <param name="Name">What they are called.</param>
/// <param name="UserName">Their userName there; null: none.</param>
/// <param name="Action">create, adopt, change, deactivate, leave_out; of a member join, leave.</param>
/// <param name="Fields">Attributes that would change.</param>
/// <param name="Reason">Why they would be left out: a word; null: they would not.</param>
/// <param name="Message">The same in a sentence.</param>
/// <param name="MessageZh">The same in Chinese.</param>
/// <param name="Group">The group that they would join or leave; null: none.</param>
internal sealed record ScimDifferenceItem(string Kind, string Id, string? Name, string? UserName, string Action,
    IReadOnlyList<string> Fields, string? Reason, string? Message, string? MessageZh, string? Group = null);
