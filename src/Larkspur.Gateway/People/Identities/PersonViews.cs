using System.ComponentModel;
using System.Text.Json;
using System.Text.Json.Serialization;
using Larkspur.Gateway.People.Directory.Rest;
using Microsoft.AspNetCore.Mvc;

namespace Larkspur.Gateway.People.Identities;

/// <summary>Which people.</summary>
internal readonly record struct PersonQuery
{
    [Description("A part of a name or mail address, or the beginning of an id: theirs, a former one, or a platform's")]
    [FromQuery(Name = "q")]
    public string? Search { get; init; }

    [Description("Only people with an account there: feishu, wecom, dingtalk, web")]
    [FromQuery(Name = "platform")]
    public string? Platform { get; init; }

    [Description("Only those in this department, by its number")]
    [FromQuery(Name = "department")]
    public long? Department { get; init; }

    [Description("active, left, frozen: what the directories say; known: no directory knows them; disabled: an administrator"
        + " shut them out")]
    [FromQuery(Name = "state")]
    public string? State { get; init; }

    [Description("True: only those who are shut out; false: only the others")]
    [FromQuery(Name = "disabled")]
    public bool? Disabled { get; init; }

    [Description("Where the page before ended: its next")]
    [FromQuery(Name = "cursor")]
    public long? Cursor { get; init; }

    [Description("People on a page, 1 to 200; default 50")]
    [FromQuery(Name = "limit")]
    public int? Limit { get; init; }
}

/// <summary>People.</summary>
/// <param name="Items">The newest first.</param>
/// <param name="Next">The cursor of the next page; absent when there is none.</param>
internal sealed record KnownPeopleView(IReadOnlyList<KnownPersonView> Items, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? Next);

/// <summary>A person over all platforms.</summary>
internal sealed record KnownPersonView
{
    /// <summary><c>pe_</c> and 32 hex digits.</summary>
    public required string Id { get; init; }

    /// <summary>As the account with the strongest proof shows it: a directory's before a web session's.</summary>
    public string? Name { get; init; }

    /// <summary>Of that account.</summary>
    public string? Email { get; init; }

    /// <summary>Nothing is permitted to them: an administrator shut them out, or they have left.</summary>
    public required bool Disabled { get; init; }

    /// <summary>active, left, frozen: what the directories say; known: no directory knows them; disabled: an administrator shut them
    /// out.</summary>
    public required string State { get; init; }

    /// <summary>What is known of them.</summary>
    public required IReadOnlyList<PersonFieldView> Fields { get; init; }

    /// <summary>The oldest first.</summary>
    public required IReadOnlyList<KnownAccountView> Accounts { get; init; }

    /// <summary>Ids of people who were merged into this one; they find it still.</summary>
    public required IReadOnlyList<string> FormerIds { get; init; }

    /// <summary>What can still be undone, the newest first; in lists it is absent.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<JoinView>? Joins { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public static KnownPersonView Of(KnownPerson person) => new()
    {
        Id = person.Id, Name = person.Name, Email = person.Email, Disabled = person.IsDisabled, Accounts = [.. person.Accounts.Select(KnownAccountView.Of)], FormerIds = person.FormerIds,
        CreatedAt = person.CreatedAt, State = person.IsShutOut ? "disabled" : person.Absence ?? "known", Fields = [],
    };
}

/// <summary>Two who became one.</summary>
/// <param name="Id">By which it is undone: <c>jo_</c> and 32 hex digits.</param>
/// <param name="Former">The id that became part of this person.</param>
/// <param name="How"><c>code</c>, <c>verified_email</c>, <c>administrator</c>, <c>sign_in</c>.</param>
/// <param name="JoinedAt">When.</param>
/// <param name="UndoUntil">Until when it can be undone.</param>
internal sealed record JoinView(string Id, string Former, string How, DateTimeOffset JoinedAt, DateTimeOffset UndoUntil)
{
    public static JoinView Of(PersonJoin join) => new(join.Id, join.Former, join.How, join.JoinedAt, join.UndoUntil);
}

/// <summary>An account of a person.</summary>
internal sealed record KnownAccountView
{
    /// <summary>Its number, by which it is unlinked.</summary>
    public required long Id { get; init; }

    public required string Platform { get; init; }

    /// <summary>The app that it was first met by.</summary>
    public required string App { get; init; }

    public string? Name { get; init; }

    /// <summary>Of the platform's directory; on the web, what the issuer says.</summary>
    public string? Email { get; init; }

    /// <summary>True: the mail address is only what the issuer says; it is shown, and no rule goes by it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool EmailIsClaim { get; init; }

    /// <summary>Its main id first.</summary>
    public required IReadOnlyList<PlatformIdView> Ids { get; init; }

    /// <summary>It was unlinked by somebody: its mail address links it to nobody again.</summary>
    public required bool Apart { get; init; }

    /// <summary>Ids that the platform told of it and that other people have: they may be one person.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<IdConflictView>? Conflicts { get; init; }

    /// <summary>What the company's directory says of it; absent: it is in none that is read.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DirectoryEntryView? Directory { get; init; }

    /// <summary>The platform does not say that they are a member of the company: an external contact, another company's member.</summary>
    public required bool External { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>To about a day.</summary>
    public required DateTimeOffset SeenAt { get; init; }

    public static KnownAccountView Of(KnownAccount account) => new()
    {
        Id = account.Id, Platform = account.Platform, App = account.App, Name = account.Name, Email = account.Email, EmailIsClaim = account.IsClaim, Apart = account.IsApart,
        External = account.IsExternal, CreatedAt = account.CreatedAt, SeenAt = account.SeenAt,
        Ids = [.. account.Ids.Select(i => new PlatformIdView(i.Kind, i.Value, i.Scope.Length > 0 ? i.Scope : null))],
        Conflicts = account.Conflict is { } text ? [.. JsonSerializer.Deserialize<JsonElement>(text).EnumerateArray().Select(c => new IdConflictView(c.GetProperty("id").GetString()!, c.GetProperty("person").GetString()!))] : null,
    };
}

/// <summary>An id on a platform.</summary>
/// <param name="Kind"><c>open_id</c>, <c>userid</c>…</param>
/// <param name="Value">The id.</param>
/// <param name="Scope">Where it means one person: an app, a company, an issuer; absent: everywhere.</param>
internal sealed record PlatformIdView(string Kind, string Value, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Scope);

/// <summary>An id that somebody else has.</summary>
/// <param name="Id">The platform, the kind and the id.</param>
/// <param name="Person">Whose it is.</param>
internal sealed record IdConflictView(string Id, string Person);

/// <summary>An account that is its own person now.</summary>
/// <param name="Person">Who keeps the history and the other accounts.</param>
/// <param name="Unlinked">Who has the account.</param>
internal sealed record UnlinkedView(KnownPersonView Person, KnownPersonView Unlinked);
