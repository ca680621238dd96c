using System.Text.Json.Nodes;
using Larkspur.Emulator.Feishu.ApiPipeline;
using Larkspur.Emulator.Feishu.Im;

namespace Larkspur.Emulator.Feishu.Contact;

/// <summary>Reads the members of the company's functional roles.</summary>
internal sealed class RolesApi(EmulatorState state) : IApiArea
{
    private const long NoRole = 41202;
    private const long NoMember = 41203;
    private readonly ContactView _view = new(state);

    public void Register(ApiHandlers on)
    {
        on.Add("contact.v3.functional_role.member.list", List);
        on.Add("contact.v3.functional_role.member.get", Get);
    }

    private ApiAnswer List(ApiRequest request)
    {
        var members = Role(request).Members.Where(m => state.Person(m) is { IsResigned: false } && request.App.IsAvailableTo(m)).ToArray();
        return FeishuAnswer.Data(Paging.Page(request, members, m => Show(request, m), 20, "members", badToken: 40001));
    }

    private ApiAnswer Get(ApiRequest request)
    {
        var person = _view.FindUser(request, request.Path["member_id"]);
        if (person is null || !Role(request).Members.Contains(person.UserId)) throw request.Refuse(NoMember);
        return FeishuAnswer.Data(new JsonObject { ["member"] = Show(request, person.UserId) });
    }

    private FunctionalRole Role(ApiRequest request) => state.Role(request.Path["role_id"]) ?? throw request.Refuse(NoRole);

    private JsonObject Show(ApiRequest request, string userId) => new()
    {
        ["user_id"] = MessageView.PersonId(state, request.App, userId, ContactView.UserIdType(request)), ["scope_type"] = "All", ["department_ids"] = new JsonArray(),
    };
}
