using System.Text.Json.Nodes;
using Larkspur.Emulator.Company;
using Larkspur.Emulator.Feishu.ApiPipeline;
using Larkspur.Emulator.Feishu.Im;

namespace Larkspur.Emulator.Feishu.Contact;

/// <summary>Reads people.</summary>
internal sealed class UsersApi(EmulatorState state, DirectoryFaults faults) : IApiArea
{
    private const int MostIds = 50;
    private readonly ContactView _view = new(state);

    public void Register(ApiHandlers on)
    {
        on.Add("contact.v3.user.get", Get);
        on.Add("contact.v3.user.batch", Batch);
        on.Add("contact.v3.user.find_by_department", FindByDepartment);
        on.Add("contact.v3.user.batch_get_id", BatchGetId);
    }

    private ApiAnswer Get(ApiRequest request)
    {
        var person = _view.FindUser(request, request.Path["user_id"]) ?? throw Unknown(request, request.Path["user_id"]);
        if (!state.InRange(request.App, person)) throw request.Refuse(41050);
        return FeishuAnswer.Data(new JsonObject { ["user"] = _view.User(request, person) });
    }

    /// <summary>At most 50 ids; those outside the app's range are left out.</summary>
    private ApiAnswer Batch(ApiRequest request)
    {
        if (request.Query["user_ids"].Count > MostIds) throw request.Refuse(40001);
        var found = request.Query["user_ids"].OfType<string>().Select(id => _view.FindUser(request, id)).OfType<Person>()
            .Where(p => state.InRange(request.App, p)).DistinctBy(p => p.UserId);
        return FeishuAnswer.Data(new JsonObject { ["items"] = new JsonArray([.. found.Select(p => (JsonNode)_view.User(request, p))]) });
    }

    /// <summary>Direct members only.</summary>
    private ApiAnswer FindByDepartment(ApiRequest request)
    {
        var id = request.QueryText("department_id")!;
        var department = _view.FindDepartment(request, id);
        if (id == Department.Root ? !request.App.ReadsWholeCompany : department is null || !state.InRange(request.App, department))
            throw request.Refuse(40004);
        var place = department?.OpenDepartmentId ?? Department.Root;
        if (faults.Forbids(FeishuPlatform.PlatformName, place, 40004) is { } code) throw request.Refuse(code);
        var members = faults.Empties(FeishuPlatform.PlatformName, DirectoryFaults.People) ? [] : state.MembersOf(place);
        var page = Paging.Page(request, members, p => _view.User(request, p), 10, badToken: 40012);
        if (page["has_more"]!.GetValue<bool>()) faults.PageAnswered(FeishuPlatform.PlatformName);
        return FeishuAnswer.Data(page);
    }

    /// <summary>An unknown address comes back without an id.</summary>
    private ApiAnswer BatchGetId(ApiRequest request)
    {
        var list = new JsonArray();
        foreach (var email in request.Texts("emails")) list.Add(Entry("email", email, p => p.Email.Equals(email, StringComparison.OrdinalIgnoreCase)));
        foreach (var mobile in request.Texts("mobiles")) list.Add(Entry("mobile", mobile, p => p.Mobile == mobile || p.Mobile == "+86" + mobile));
        return FeishuAnswer.Data(new JsonObject { ["user_list"] = list });

        JsonObject Entry(string name, string value, Func<Person, bool> isWanted)
        {
            var entry = new JsonObject { [name] = value };
            var person = state.People.FirstOrDefault(p => isWanted(p) && !p.IsGuest
                && (!p.IsResigned || request.Flag("include_resigned")) && state.InRange(request.App, p));
            if (person is null) return entry;
            entry["user_id"] = MessageView.PersonId(state, request.App, person.UserId, ContactView.UserIdType(request));
            entry["status"] = ContactFields.Status(person);
            return entry;
        }
    }

    private ApiRefusedException Unknown(ApiRequest request, string id) => ContactView.UserIdType(request) switch
    {
        "open_id" when state.Apps.Any(a => state.PersonByOpenId(a.AppId, id) is not null) =>
            new ApiRefusedException(400, 99992361, "open_id cross app"),
        "open_id" => new ApiRefusedException(400, 99992351, $"these open ids not existed: [{id}]"),
        _ => new ApiRefusedException(400, 99992360, $"these ids not existed: [{id}]"),
    };
}
