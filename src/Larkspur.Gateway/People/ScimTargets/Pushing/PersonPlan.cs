using Larkspur.Gateway.People.Scim;
using Larkspur.Gateway.People.ScimTargets.Mapping;
using Larkspur.Gateway.People.ScimTargets.Rows;

namespace Larkspur.Gateway.People.ScimTargets.Pushing;

/// <summary>What is to be done about somebody at a target.</summary>
internal enum PlanKind
{
    /// <summary>Nothing.</summary>
    Nothing,

    /// <summary>They are looked for, and made when they are not there.</summary>
    Make,

    /// <summary>Some attributes are different.</summary>
    Change,

    /// <summary>They may not work any more.</summary>
    Deactivate,

    /// <summary>They cannot be pushed, and the reason is said.</summary>
    LeaveOut,
}

/// <summary>What is to be done about somebody at a target, by what is known here alone.</summary>
internal sealed record PersonPlan(TargetPerson Of, PlanKind Kind)
{
    /// <summary>What they are to be there.</summary>
    public PushedAttributes? Wanted { get; init; }

    public string? UserName { get; init; }

    /// <summary>Attributes that are different.</summary>
    public string[] Paths { get; init; } = [];

    /// <summary>Why they are left out.</summary>
    public PushFailure? Why { get; init; }

    /// <summary>Judges somebody.</summary>
    /// <param name="of">Who.</param>
    /// <param name="field">The field that is their userName.</param>
    public static PersonPlan For(TargetPerson of, string field)
    {
        var isThere = of.Row.RemoteId is not null;
        if (of.Person is not { IsActive: true } person || !person.Accounts.Any(a => a.Entry is not null))
            return new(of, isThere && of.Row.IsActive ? PlanKind.Deactivate : PlanKind.Nothing);
        // They have not left: nothing of theirs ends, and nothing new is known.
        if (IsHidden(person)) return isThere ? new(of, PlanKind.Nothing) : Without(of, "hidden");
        if (UserNameField.Of(person, field) is not { } name) return Without(of, "no_user_name", field);
        if (!UserNameField.IsSound(name)) return Without(of, "bad_user_name", field);
        var wanted = PushedAttributes.Of(person, name);
        if (!isThere) return new(of, PlanKind.Make) { Wanted = wanted, UserName = name };
        var paths = wanted.Differences(of.Row.Pushed);
        return new(of, paths.Length == 0 ? PlanKind.Nothing : PlanKind.Change) { Wanted = wanted, UserName = name, Paths = paths };
    }

    /// <summary>Somebody who is left out; an account that is there stays as it is.</summary>
    public static PersonPlan Without(TargetPerson of, string reason, string? detail = null) =>
        new(of, PlanKind.LeaveOut) { Why = new PushFailure(reason, Detail: detail) };

    /// <summary>What may be taken over of what was found: an account with nothing but the name only for whom a platform's directory has
    /// under that very name, and none that somebody there has switched off.</summary>
    public RemoteMatch MayTake(RemoteMatch match, string field)
    {
        if (match is not { IsByName: true, Resource: { } resource }) return match;
        if (ScimBodies.Truth(ScimBodies.Member(resource, PushedAttributes.Active)) == false)
            return new RemoteMatch(null, new PushFailure("taken", Detail: "active = false"));
        return UserNameField.IsDirectorys(Of.Person!, field, UserName!) ? match
            : new RemoteMatch(null, PushFailure.NotOurs(Of.Ours[0]));
    }

    private static bool IsHidden(ScimPerson person)
    {
        var there = person.Accounts.Select(a => a.Entry).OfType<ScimEntry>().Where(e => !e.HasLeft).ToArray();
        return there.Length > 0 && Array.TrueForAll(there, e => e.IsHidden);
    }
}
