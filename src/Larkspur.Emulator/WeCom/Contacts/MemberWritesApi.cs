using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Larkspur.Emulator.Company;
using Larkspur.Emulator.WeCom.ApiPipeline;

namespace Larkspur.Emulator.WeCom.Contacts;

/// <summary>Creates, changes and deletes members. They are the emulator's people: a new one can be chosen in the pages at once, on every platform.</summary>
internal sealed partial class MemberWritesApi(EmulatorState state, WeComCorp corp, WeComTags tags, ContactEvents events,
    CompanyDirectory directory) : IWeComArea
{
    private const int MostMembers = 100_000;
    private const int MostDepartments = 100;
    private const int MostDeleted = 200;
    private const int MostName = 64;
    private const int MostPosition = 128;

    public void Register(WeComHandlers on)
    {
        on.Post("/cgi-bin/user/create", Create);
        on.Post("/cgi-bin/user/update", Update);
        on.Get("/cgi-bin/user/delete", call =>
        {
            ContactSyncRights.Only(call);
            Delete([Known(call.Asked("userid"))]);
            return WeComAnswer.Ok();
        });
        on.Post("/cgi-bin/user/batchdelete", call =>
        {
            ContactSyncRights.Only(call);
            var list = WeComJson.Texts(call.Body, "useridlist");
            if (list.Count is 0 or > MostDeleted) throw new WeComRefusal(40031, "invalid userid list: 1 to 200");
            Delete([.. list.Select(u => corp.Member(u) ?? throw new WeComRefusal(40031, "invalid userid list: " + u))]);
            return WeComAnswer.Ok();
        });
    }

    private ApiAnswer Create(WeComCall call)
    {
        ContactSyncRights.Only(call);
        var userId = call.Text("userid") ?? "";
        if (!Ids().IsMatch(userId)) throw new WeComRefusal(40003, "invalid userid");
        if (corp.Member(userId) is not null) throw new WeComRefusal(60102, "UserID existed");
        if (corp.Members.Count >= MostMembers) throw new WeComRefusal(45024, "too many members");
        if (string.IsNullOrEmpty(call.Text("mobile")) && string.IsNullOrEmpty(call.Text("email"))) throw new WeComRefusal(60129, "missing mobile or email");
        var key = state.NewKey(userId);
        var fresh = new Person
        {
            UserId = key, IdInTenant = key == userId ? null : userId, Name = "", EnName = "", Email = "", Mobile = "", EmployeeNo = "",
            JobTitle = "", JoinTime = state.Clock.GetUtcNow().ToUnixTimeSeconds(),
        };
        var person = Read(call.Body, fresh);
        if (person.Name.Length == 0) throw new WeComRefusal(60112, "invalid name");
        Keep(call.Body, null, person);
        return WeComAnswer.Ok();
    }

    private ApiAnswer Update(WeComCall call)
    {
        ContactSyncRights.Only(call);
        var present = Known(call.Need("userid"));
        var changed = Read(call.Body, present);
        if (call.Text("new_userid") is { Length: > 0 } wanted && wanted != present.PresentUserId)
        {
            if (!Ids().IsMatch(wanted)) throw new WeComRefusal(40003, "invalid userid");
            if (corp.Member(wanted) is { } other && other.UserId != present.UserId) throw new WeComRefusal(60102, "UserID existed");
            changed = changed with { IdInTenant = wanted == present.UserId ? null : wanted };
            events.Tell("update_user", xml => xml.Text("UserID", present.PresentUserId).Text("NewUserID", wanted));
        }

        Keep(call.Body, present, changed);
        return WeComAnswer.Ok();
    }

    /// <summary>What the call names, over what was there.</summary>
    private Person Read(JsonObject body, Person person)
    {
        if (WeComJson.Text(body, "name") is { } name) person = name.Length is > 0 and <= MostName ? person with { Name = name } : throw new WeComRefusal(60112, "invalid name");
        if ((WeComJson.Text(body, "alias") ?? WeComJson.Text(body, "english_name")) is { } alias) person = alias.Length <= MostName ? person with { EnName = alias } : throw new WeComRefusal(301014, "invalid english_name");
        if (WeComJson.Text(body, "position") is { } position) person = position.Length <= MostPosition ? person with { JobTitle = position } : throw new WeComRefusal(301012, "invalid position");
        if (WeComJson.Text(body, "mobile") is { } mobile) person = person with { Mobile = Mobile(mobile, person.UserId) };
        if ((WeComJson.Text(body, "email") ?? WeComJson.Text(body, "biz_mail")) is { } email) person = person with { Email = Email(email, person.UserId) };
        if (WeComJson.Number(body, "gender") is { } gender) person = gender is >= 0 and <= 2 ? person with { Gender = (int)gender } : throw WeComRefusal.Parameter("gender is 0, 1 or 2");
        if (WeComJson.Text(body, "address") is { } address) person = person with { City = WeComJson.Cut(address, 128) };
        if (body["direct_leader"] is not null) person = person with { LeaderUserId = Leader(WeComJson.Texts(body, "direct_leader")) };
        return body["department"] is null ? person : person with { DepartmentIds = Departments(body, WeComJson.Texts(body, "department")) };
    }

    private ImmutableArray<string> Departments(JsonObject body, IReadOnlyList<string> numbers)
    {
        if (numbers.Count is 0 or > MostDepartments) throw new WeComRefusal(60110, "invalid number of departments");
        var known = corp.Departments;
        var chosen = numbers.Select(n => known.FirstOrDefault(d => d.Id.ToString(CultureInfo.InvariantCulture) == n) ?? throw new WeComRefusal(60123, "invalid party id")).ToArray();
        foreach (var beside in (string[])["order", "is_leader_in_dept"])
        {
            if (body[beside] is not null && WeComJson.Texts(body, beside).Count != chosen.Length) throw new WeComRefusal(60132, beside + " and department differ in length");
        }

        if (WeComJson.Number(body, "main_department") is { } main)
        {
            var first = chosen.FirstOrDefault(d => d.Id == main) ?? throw new WeComRefusal(60123, "main_department is none of department");
            chosen = [first, .. chosen.Where(d => d != first)];
        }

        return [.. chosen.Select(d => d.OpenDepartmentId).OfType<string>()];
    }

    /// <summary>Stores the member and whom they lead, and tells.</summary>
    private void Keep(JsonObject body, Person? before, Person after)
    {
        var shown = before is null ? null : MemberView.Full(corp, before, sensitive: false);
        directory.Put(after, except: WeComPlatform.PlatformName);
        if (body["is_leader_in_dept"] is not null && body["department"] is not null)
        {
            foreach (var (department, leads) in WeComJson.Texts(body, "department").Zip(WeComJson.Texts(body, "is_leader_in_dept")))
            {
                var id = corp.Departments.First(d => d.Id.ToString(CultureInfo.InvariantCulture) == department).OpenDepartmentId;
                if (state.Departments.FirstOrDefault(d => d.OpenDepartmentId == id) is not { } found) continue;
                if (leads == "1") state.Put(found with { LeaderUserId = after.UserId });
                else if (found.LeaderUserId == after.UserId) state.Put(found with { LeaderUserId = null });
            }
        }

        events.MemberChanged(after.PresentUserId, shown, MemberView.Full(corp, after, sensitive: false));
    }

    private void Delete(IReadOnlyList<Person> people)
    {
        foreach (var person in people.DistinctBy(p => p.UserId))
        {
            directory.Put(person with { IsResigned = true }, except: WeComPlatform.PlatformName);
            tags.Forget(person.UserId, null);
            events.MemberDeleted(person.PresentUserId);
        }
    }

    private Person Known(string userId)
    {
        if (userId.Length == 0) throw new WeComRefusal(41009, "userid missing");
        return corp.Member(userId) ?? throw new WeComRefusal(60111, "invalid userid: it does not exist");
    }

    private string? Leader(IReadOnlyList<string> leaders) => leaders.Count == 0 ? null : (corp.Member(leaders[0]) ?? throw new WeComRefusal(40031, "invalid direct_leader")).UserId;

    private string Mobile(string mobile, string own)
    {
        if (!Mobiles().IsMatch(mobile)) throw new WeComRefusal(60103, "invalid mobile");
        return corp.Members.Any(p => p.UserId != own && (p.Mobile == mobile || MemberView.LocalMobile(p) == mobile)) ? throw new WeComRefusal(60104, "mobile existed") : mobile;
    }

    private string Email(string email, string own)
    {
        if (email.Length > 64 || !Mails().IsMatch(email)) throw new WeComRefusal(60105, "invalid email");
        return corp.Members.Any(p => p.UserId != own && p.Email.Equals(email, StringComparison.OrdinalIgnoreCase)) ? throw new WeComRefusal(60106, "email existed") : email;
    }

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9_@.-]{0,63}$")]
    private static partial Regex Ids();

    [GeneratedRegex("^[0-9+-]{1,32}$")]
    private static partial Regex Mobiles();

    [GeneratedRegex("^[^@\\s]{1,60}@[^@\\s]{1,60}$")]
    private static partial Regex Mails();
}
