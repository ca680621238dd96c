using System.Text.Json;
using Larkspur.Feishu;
using Larkspur.Feishu.Api;
using Larkspur.Feishu.Api.Contact.V3;
using Larkspur.Gateway.Api.Requests;
using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Common.Refusals;

namespace Larkspur.Gateway.People;

/// <summary>One that a business system wants told: a person, a department, a role, a chat.</summary>
/// <param name="Kind">The member that names it: <c>email</c>, <c>department_id</c>…</param>
/// <param name="Value">The address or id.</param>
/// <param name="Children">A department: those below it, too.</param>
/// <param name="Pointer">Where it stands in the request.</param>
internal sealed record Recipient(string Kind, string Value, bool Children, string Pointer)
{
    /// <summary>The person's address; null: it is no single person.</summary>
    public PersonAddress? Address => Kind switch
    {
        "email" => new(AddressKind.Email, Value),
        "mobile" => new(AddressKind.Mobile, Value),
        "employee_no" => new(AddressKind.EmployeeNo, Value),
        "user_id" => new(AddressKind.UserId, Value),
        "open_id" => new(AddressKind.OpenId, Value),
        "union_id" => new(AddressKind.UnionId, Value),
        _ => null,
    };

    /// <summary>As it was named.</summary>
    public JsonElement Json => Children ? JsonSerializer.SerializeToElement(new Dictionary<string, object> { [Kind] = Value, ["children"] = true })
        : JsonSerializer.SerializeToElement(new Dictionary<string, string> { [Kind] = Value });

    /// <summary>Reads one that a grammar of its own leaves free.</summary>
    /// <inheritdoc cref="Of(RecipientBody, string)"/>
    public static Recipient Read(JsonElement json, string pointer) =>
        Of(BodyShape.Read(json, PeopleContracts.Default.RecipientBody, pointer), pointer);

    /// <summary>Exactly one of the nine kinds.</summary>
    /// <exception cref="RequestRefusedException">It is none, or several.</exception>
    public static Recipient Of(RecipientBody body, string pointer)
    {
        var (kind, text) = body.Named().Where(n => n.Value is not null).ToArray() switch
        {
            [var one] => one,
            [] => throw RequestRefusedException.Malformed("missing", pointer,
                $"A recipient is named by one of {string.Join(", ", body.Named().Select(n => n.Kind))}."),
            _ => throw RequestRefusedException.Malformed("several_receivers", pointer, "A recipient is named once, in one way."),
        };
        if (body.Children is not null && kind != "department_id")
            throw RequestRefusedException.Malformed("unknown_field", $"{pointer}/children", "Only a department has children.");
        return new Recipient(kind, Check(kind, text!.Trim(), $"{pointer}/{kind}"), body.Children ?? false, pointer);
    }

    /// <exception cref="RequestRefusedException">It cannot be of that kind.</exception>
    public static string Check(string kind, string value, string at) => kind switch
    {
        "email" or "user_id" or "open_id" or "union_id" or "chat_id" => FeishuIds.Check(kind, value, at),
        "mobile" when !(value.TrimStart('+') is { Length: >= 5 and <= 20 } digits && digits.All(char.IsAsciiDigit)) =>
            throw RequestRefusedException.Impossible("wrong_id_type", at, "A mobile number has digits only, with + and the country code in front where it is not of mainland China."),
        "department_id" when value == "0" => throw RequestRefusedException.Impossible("bad_id", at, "The root department is the whole company: name departments."),
        _ => value.Any(char.IsControl) ? throw RequestRefusedException.Impossible("bad_id", at, "It has control characters.") : value,
    };
}

/// <summary>One that a card goes to.</summary>
/// <param name="Named">How it was named.</param>
/// <param name="TargetType">The platform's kind of id.</param>
/// <param name="Target">The id.</param>
/// <param name="Person">Who it is; null: a chat.</param>
internal sealed record Addressee(Recipient Named, string TargetType, string Target, PlatformPerson? Person);

/// <summary>One that cannot be told.</summary>
/// <param name="Named">How it was named.</param>
/// <param name="Reason"><c>unknown</c>, <c>ambiguous</c>, <c>nobody</c> (a department or role without members).</param>
internal sealed record MissingRecipient(Recipient Named, string Reason);

/// <summary>From what business systems name to whom the platform can write to.</summary>
internal sealed class Recipients(PersonSearch directory, MemberCache known, PlatformCalls calls)
{
    /// <summary>Cards of one notification.</summary>
    public const int Most = RecipientBody.Most;

    private const int PageSize = 50;
    private const int MostDepartments = 200;

    /// <summary>Finds all of them. Who is named twice is there once.</summary>
    /// <exception cref="RequestRefusedException">More than <see cref="Most"/> in the end, or a permission is missing.</exception>
    public async Task<(IReadOnlyList<Addressee> Found, IReadOnlyList<MissingRecipient> Missing)> FindAsync(FeishuApp app, IReadOnlyList<Recipient> named, CancellationToken cancellation)
    {
        var matches = new Queue<PersonMatch>(await directory.FindAsync(app, [.. named.Select(n => n.Address).OfType<PersonAddress>()], cancellation));
        var found = new Dictionary<string, Addressee>(StringComparer.Ordinal);
        var missing = new List<MissingRecipient>();
        foreach (var one in named)
        {
            if (one.Address is not null)
            {
                var match = matches.Dequeue();
                if (match.Person is { } person) Add(new Addressee(one, person.Target.Type, person.Target.Id, person));
                else missing.Add(new MissingRecipient(one, match.Reason));
            }
            else if (one.Kind == "chat_id")
            {
                Add(new Addressee(one, "chat_id", one.Value, null));
            }
            else
            {
                var members = await known.FindAsync(app.Client.Options.AppId, one, stop => one.Kind == "department_id" ? DepartmentAsync(app, one, stop) : RoleAsync(app, one, stop), cancellation);
                if (members is null) missing.Add(new MissingRecipient(one, PersonMatch.Unknown));
                else if (members.Count == 0) missing.Add(new MissingRecipient(one, "nobody"));
                foreach (var member in members ?? []) Add(new Addressee(one, member.Target.Type, member.Target.Id, member));
            }
        }

        return ([.. found.Values], missing);

        void Add(Addressee addressee)
        {
            found.TryAdd(addressee.Target, addressee);
            if (found.Count > Most) throw TooMany();
        }
    }

    private async Task<IReadOnlyList<PlatformPerson>?> DepartmentAsync(FeishuApp app, Recipient named, CancellationToken cancellation)
    {
        var type = named.Value.StartsWith("od-", StringComparison.Ordinal) ? "open_department_id" : "department_id";
        var people = new Dictionary<string, PlatformPerson>(StringComparer.Ordinal);
        try
        {
            var departments = new List<string> { named.Value };
            if (named.Children)
            {
                await foreach (var child in app.Client.Contact.V3.Department.ChildrenAllAsync(new() { DepartmentId = named.Value, DepartmentIdType = type, FetchChild = true, PageSize = PageSize },
                    calls.Call(app, Endpoints.DepartmentChildren), cancellation))
                {
                    if ((type == "open_department_id" ? child.OpenDepartmentId : child.DepartmentId) is { Length: > 0 } id) departments.Add(id);
                    if (departments.Count > MostDepartments) throw TooMany();
                }
            }

            foreach (var department in departments)
            {
                await foreach (var user in app.Client.Contact.V3.User.FindByDepartmentAllAsync(new() { DepartmentId = department, DepartmentIdType = type, UserIdType = "open_id", PageSize = PageSize },
                    calls.Call(app, Endpoints.UserFindByDepartment), cancellation))
                {
                    if (user.OpenId is { Length: > 0 } id) people[id] = EmployeeNumbers.PersonOf(user);
                    if (people.Count > Most) throw TooMany();
                }
            }
        }
        catch (FeishuApiException e) when (e.MissingScopes.Count > 0)
        {
            throw PeopleScopes.Explain(e, "members of departments", PeopleScopes.Directory);
        }
        catch (FeishuApiException e) when (e.FailureKind is FailureKind.Invalid or FailureKind.NotFound or FailureKind.Permission)
        {
            // No department of this id, or none in the app's range: the platform tells them apart only for those inside.
            return null;
        }

        return [.. people.Values];
    }

    private async Task<IReadOnlyList<PlatformPerson>?> RoleAsync(FeishuApp app, Recipient named, CancellationToken cancellation)
    {
        var ids = new List<string>();
        try
        {
            await foreach (var member in app.Client.Contact.V3.FunctionalRole.Member.ListAllAsync(new() { RoleId = named.Value, UserIdType = "open_id", PageSize = PageSize },
                calls.Call(app, Endpoints.FunctionalRoleMemberList), cancellation))
            {
                if (member.UserId is { Length: > 0 } id) ids.Add(id);
                if (ids.Count > Most) throw TooMany();
            }
        }
        catch (FeishuApiException e) when (e.MissingScopes.Count > 0)
        {
            throw PeopleScopes.Explain(e, "members of roles", PeopleScopes.Roles);
        }
        catch (FeishuApiException e) when (e.FailureKind is FailureKind.Invalid or FailureKind.NotFound)
        {
            return null;
        }

        return await directory.DetailsAsync(app, ids, cancellation);
    }

    private static RequestRefusedException TooMany() => RequestRefusedException.Impossible("too_many_recipients", "/recipients", $"A notification goes to {Most} recipients at most, members of departments and roles included. Write to a chat instead.");
}
