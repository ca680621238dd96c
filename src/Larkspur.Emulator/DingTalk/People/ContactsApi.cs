using System.Text.Json.Nodes;
using Larkspur.Emulator.Company;
using Larkspur.Emulator.DingTalk.ApiPipeline;
using Larkspur.Emulator.DingTalk.Auth;

namespace Larkspur.Emulator.DingTalk.People;

/// <summary>People. Free of the month's calls.</summary>
internal sealed class ContactsApi(EmulatorState state, DingTalkDirectory directory, DingTalkRange range, UserView view,
    SignInRules signIn, DirectoryFaults faults) : IDingTalkArea
{
    private const int MostPerPage = 100;
    private const string MemberScope = "qyapi_get_member";

    public IEnumerable<DingTalkRoute> Routes =>
    [
        Of("/topapi/v2/user/get", call => view.Show(Known(state.Member(call.Need("userid"))), detailed: true)),
        Of("/topapi/v2/user/getbymobile", call => new JsonObject { ["userid"] = ByMobile(call.Need("mobile")).PresentUserId }),
        Of("/topapi/user/getbyunionid", call => ByUnionId(call.Need("unionid"))),
        Of("/topapi/user/listid", call => new JsonObject { ["userid_list"] = Listed(call).ToJson(p => p.PresentUserId) }),
        Of("/topapi/v2/user/list", Page),
    ];

    /// <summary>Of the departments, the platform's numbers.</summary>
    public IEnumerable<Person> Members(long departmentId) => state.MembersOf(directory.Place(departmentId));

    public bool IsDepartment(long id) => id == DingTalkDirectory.Root || directory.Find(id) is not null;

    private static DingTalkRoute Of(string path, Func<DingTalkCall, JsonNode> result) =>
        DingTalkRoute.Post(path, call =>
            new DingTalkAnswer(new JsonObject { ["result"] = result(call) })) with { Scope = MemberScope, Free = true };

    /// <summary>Direct members only, by their place in the list as it is now.</summary>
    private JsonObject Page(DingTalkCall call)
    {
        var from = (int)(call.Number("cursor") is >= 0 and <= int.MaxValue and var given ? given : throw DingTalkRefusal.Parameter("cursor", "is missing or below 0"));
        var size = (int)(call.Number("size") is >= 1 and <= MostPerPage and var wanted ? wanted : throw DingTalkRefusal.Parameter("size", $"must be 1 to {MostPerPage}"));
        if (call.Number("dept_id") is { } school && School.Has(school) && faults.HasSchool(DingTalkPlatform.PlatformName))
            return new JsonObject { ["has_more"] = false, ["list"] = School.Members(school) };
        var all = Listed(call);
        var more = all.Count > from + size;
        var page = new JsonObject { ["has_more"] = more, ["list"] = all.Skip(from).Take(size).ToJson(p => view.Show(p, detailed: false)) };
        if (!more) return page;
        page["next_cursor"] = from + size;
        faults.PageAnswered(DingTalkPlatform.PlatformName);
        return page;
    }

    private IReadOnlyList<Person> Listed(DingTalkCall call)
    {
        var place = directory.Place(call.Number("dept_id") ?? DingTalkDirectory.Root);
        range.Need(place, faults);
        return faults.Empties(DingTalkPlatform.PlatformName, DirectoryFaults.People) ? [] : state.MembersOf(place);
    }

    /// <summary>0: a member, 1: somebody of another company.</summary>
    private JsonObject ByUnionId(string unionId)
    {
        var person = directory.ByUnionId(unionId);
        if (person is { IsGuest: true } && !signIn.IsStranger(person)) return new JsonObject { ["contact_type"] = 1, ["userid"] = person.UserId };
        return new JsonObject { ["contact_type"] = 0, ["userid"] = Known(person).PresentUserId };
    }

    private Person ByMobile(string mobile) =>
        Known(state.People.FirstOrDefault(p => !p.IsResigned && UserView.Bare(p.Mobile) == UserView.Bare(mobile)));

    private Person Known(Person? person)
    {
        if (person is not { IsResigned: false, IsGuest: false }) throw DingTalkRefusal.Old(60121, "找不到该用户");
        return range.Sees(person) ? person : throw DingTalkRefusal.Old(50002, "请求的员工userid不在授权范围内");
    }
}
