using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using Larkspur.Emulator.WeCom.ApiPipeline;

namespace Larkspur.Emulator.WeCom.Approvals;

/// <summary>Forms and requests as an application sees them. None of it decides for somebody: people do, in the client.</summary>
internal sealed class ApprovalApi(EmulatorState state, WeComCorp corp, WeComLimits limits, ApprovalEngine engine, FormValidator form, ProcessReader process, ApprovalList list) : IWeComArea
{
    private const int PerMinute = 600;
    private const int MostSummaryLines = 3;
    private const int MostSummaryCharacters = 200;

    public void Register(WeComHandlers on)
    {
        Post(on, "/cgi-bin/oa/gettemplatedetail", call => Template(call).Show());
        Post(on, "/cgi-bin/oa/approval/create_template", Create);
        Post(on, "/cgi-bin/oa/approval/update_template", Update);
        Post(on, "/cgi-bin/oa/applyevent", Apply);
        Post(on, "/cgi-bin/oa/getapprovalinfo", list.Page);
        Post(on, "/cgi-bin/oa/getapprovaldetail", call => new JsonObject { ["info"] = ApprovalView.Detail(engine.Find(call.Text("sp_no")) ?? throw ApprovalRefusal.Param("sp_no does not exist")) });
    }

    private void Post(WeComHandlers on, string path, Func<WeComCall, JsonObject> answer) => on.Post(path, call =>
    {
        if (call.Owner?.AgentId is null) throw ApprovalRefusal.Forbidden("this secret is of no application");
        if (!limits.TryTake("approval" + path, PerMinute, WeComLimits.Minute, WeComLimits.Minute)) throw WeComRefusal.TooFast();
        try
        {
            return WeComAnswer.Ok(answer(call));
        }
        catch (WeComRefusal refusal) when (refusal.Code == WeComRefusal.Parameter("").Code)
        {
            // A member of the wrong type is a wrong form to this interface.
            throw ApprovalRefusal.Param(refusal.Message);
        }
    });

    private ApprovalTemplate Template(WeComCall call) => engine.Template(call.Text("template_id")) ?? throw ApprovalRefusal.Param("template_id does not exist");

    private JsonObject Create(WeComCall call)
    {
        var template = TemplateReader.Read(state.Ids.Next("3W") + state.Ids.Next("")[..8], call.Body) with { MadeBy = call.Agent };
        Keep(template);
        return new JsonObject { ["template_id"] = template.Id };
    }

    private JsonObject Update(WeComCall call)
    {
        var present = Template(call);
        if (present.MadeBy != call.Agent) throw ApprovalRefusal.Forbidden("the application changes its own templates only");
        Keep(TemplateReader.Read(present.Id, call.Body) with { MadeBy = present.MadeBy, Nodes = present.Nodes });
        return [];
    }

    private void Keep(ApprovalTemplate template)
    {
        if (!engine.Put(template)) throw ApprovalRefusal.Param("a template of this name exists, or there are too many");
    }

    private JsonObject Apply(WeComCall call)
    {
        var applicant = corp.Member(call.Need("creator_userid")) ?? throw new WeComRefusal(60111, "userid not found");
        var template = Template(call);
        var fields = form.Read(template, WeComJson.Object(call.Body, "apply_data") ?? throw ApprovalRefusal.Param("apply_data is missing"));
        var nodes = process.Read(call.Body, template, applicant.UserId);
        var summary = Summary(call.Body);
        var department = Department(call, applicant);
        var made = engine.Submit(number => new WeComApproval(number, template, applicant.UserId, department, fields, nodes, state.Clock.GetUtcNow()) { Summary = summary });
        return new JsonObject { ["sp_no"] = made.SpNo };
    }

    private int Department(WeComCall call, Person applicant)
    {
        var chosen = WeComJson.Number(call.Body, "choose_department");
        return chosen is null ? corp.MainDepartmentOf(applicant) : corp.DepartmentsOf(applicant).Any(d => d == chosen) ? (int)chosen : throw ApprovalRefusal.Param("choose_department is none of the applicant's");
    }

    private static ImmutableArray<string> Summary(JsonObject body)
    {
        var lines = WeComJson.Objects(body, "summary_list") ?? [];
        if (lines.Count is 0 or > MostSummaryLines) throw ApprovalRefusal.Param(string.Create(CultureInfo.InvariantCulture, $"summary_list has 1 to {MostSummaryLines} lines"));
        return [.. lines.Select(l => LocalTexts.Of(LocalTexts.Read(l, "summary_info", MostSummaryCharacters), chinese: true))];
    }
}
