using System.Globalization;
using System.Text.Json.Nodes;
using Larkspur.Emulator.Company;
using Larkspur.Emulator.WeCom.ApiPipeline;
using Larkspur.Emulator.WeCom.SignIn;

namespace Larkspur.Emulator.WeCom.Contacts;

/// <summary>Reads members.</summary>
internal sealed class ContactsApi(WeComCorp corp, WeComLimits limits, ContactVisibility visibility, DepartmentsApi departments,
    DirectoryFaults faults) : IWeComArea
{
    private const int MostIds = 10_000;
    /// <summary>Of the corp's people, in percent: so many misses by mobile or mail in a day, and the door is shut for a day.</summary>
    private const int MissShare = 20;
    /// <summary>A corp of three people would be shut at once.</summary>
    private const int LeastMisses = 10;

    public void Register(WeComHandlers on)
    {
        on.Get("/cgi-bin/user/get", call =>
        {
            visibility.NeedDetails(call);
            return WeComAnswer.Ok(MemberView.Full(corp, Visible(call, Member(call.Asked("userid"))), Sensitive(call), d =>
                visibility.Sees(call, d)));
        });
        on.Get("/cgi-bin/user/simplelist", call => List(call, p => MemberView.Simple(corp, p, d => visibility.Sees(call, d))));
        on.Get("/cgi-bin/user/list", call => List(call, p => MemberView.Full(corp, p, Sensitive(call), d => visibility.Sees(call, d))));
        on.Post("/cgi-bin/user/list_id", ListIds);
        on.Post("/cgi-bin/user/getuserid", call => Find("mobile", call.Need("mobile"), p => call.Text("mobile") is { } mobile && (p.Mobile == mobile || MemberView.LocalMobile(p) == mobile)));
        on.Post("/cgi-bin/user/get_userid_by_email", call => Find("email", call.Need("email"), p => p.Email.Equals(call.Text("email"), StringComparison.OrdinalIgnoreCase)));
        on.Post("/cgi-bin/user/convert_to_openid", call => WeComAnswer.Ok(new JsonObject { ["openid"] = SignInApi.OpenId(Member(call.Need("userid")).UserId) }));
    }

    /// <summary>An application's token is not the address book's.</summary>
    private static bool Sensitive(WeComCall call) => call.Owner?.AgentId is null;

    private Person Member(string userId)
    {
        if (userId.Length == 0) throw new WeComRefusal(41009, "userid missing");
        return corp.Member(userId) ?? throw new WeComRefusal(60111, "invalid userid: it does not exist");
    }

    private Person Visible(WeComCall call, Person member) =>
        visibility.Sees(call, member) ? member : throw new WeComRefusal(60011, "no privilege to access/modify contact/party/agent");

    private ApiAnswer List(WeComCall call, Func<Person, JsonObject> show)
    {
        visibility.NeedDetails(call);
        var department = departments.Readable(call, call.Asked("department_id"));
        var members = faults.Empties(WeComPlatform.PlatformName, DirectoryFaults.People) ? []
            : corp.MembersOf(department.Id, call.Asked("fetch_child") == "1");
        return WeComAnswer.Ok(new JsonObject { ["userlist"] = WeComJson.List(members.Select(show)) });
    }

    /// <summary>A row for each member and department; the cursor is where the next page begins.</summary>
    private ApiAnswer ListIds(WeComCall call)
    {
        ContactSyncRights.Only(call);
        var limit = (int)(WeComJson.Number(call.Body, "limit") is { } given ? given is >= 1 and <= MostIds ? given : throw WeComRefusal.Parameter("limit is 1 to 10000") : MostIds);
        var from = call.Text("cursor") is { Length: > 0 } cursor ? int.TryParse(cursor, CultureInfo.InvariantCulture, out var at) && at >= 0 ? at : throw WeComRefusal.Parameter("cursor") : 0;
        (string UserId, int Department)[] rows = faults.Empties(WeComPlatform.PlatformName, DirectoryFaults.People) ? []
            : [.. corp.Members.SelectMany(p => corp.DepartmentsOf(p).Select(d => (p.PresentUserId, d)))];
        if (from + limit < rows.Length) faults.PageAnswered(WeComPlatform.PlatformName);
        return WeComAnswer.Ok(new JsonObject
        {
            ["next_cursor"] = from + limit < rows.Length ? (from + limit).ToString(CultureInfo.InvariantCulture) : "",
            ["dept_user"] = WeComJson.List(rows.Skip(from).Take(limit).Select(r => new JsonObject { ["userid"] = r.UserId, ["department"] = r.Department })),
        });
    }

    private ApiAnswer Find(string by, string value, Func<Person, bool> fits)
    {
        var misses = "userid-by-" + by;
        if (limits.Blocked(misses, WeComLimits.Day)) throw WeComRefusal.TooFast("too many lookups of people who are not there");
        if (value.Length <= 128 && corp.Members.FirstOrDefault(fits) is { } person)
            return WeComAnswer.Ok(new JsonObject { ["userid"] = person.PresentUserId });
        limits.TryTake(misses, Math.Max(LeastMisses, corp.Members.Count * MissShare / 100), WeComLimits.Day, WeComLimits.Day);
        throw new WeComRefusal(46004, "user not exist");
    }
}
