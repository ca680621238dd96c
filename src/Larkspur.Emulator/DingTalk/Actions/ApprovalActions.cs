using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Larkspur.Emulator.Control;
using Larkspur.Emulator.DingTalk.ApiPipeline;
using Larkspur.Emulator.DingTalk.Workflow;

namespace Larkspur.Emulator.DingTalk.Actions;

/// <summary>What people do with approvals in their client, and which flow the console draws for a template.</summary>
internal sealed class ApprovalActions(EmulatorState state, ApprovalEngine approvals, ApprovalFiles files, ApprovalFlows flows)
{
    private const int MostBytes = 20 << 20;

    public JsonObject Decide(Person who, ControlInput input, bool agree)
    {
        try
        {
            approvals.Decide(input.Need("instance"), null, who.UserId, agree, input.Text("remark") ?? "");
            return ControlEndpoints.Done();
        }
        catch (DingTalkRefusal refusal)
        {
            throw new ControlRefusal(refusal.Message);
        }
    }

    /// <summary>Adds a step to a template's own way; with <c>anew</c> it is the first one.</summary>
    public JsonObject AddStep(ControlInput input)
    {
        var form = approvals.Form(input.Need("process_code")) ?? throw new ControlRefusal($"There is no template {input.Text("process_code")}.", 404);
        ImmutableArray<string> people = [.. input.Texts("people") ?? []];
        if (people.FirstOrDefault(p => state.Person(p) is null) is { } stranger) throw new ControlRefusal($"There is no person {stranger}.");
        var chosen = input.Flag("choose", false);
        if (people.IsEmpty && !chosen) throw new ControlRefusal("\"people\" is missing: who decides. With \"choose\": true the originator chooses, among them or among all.");
        var method = input.Text("method") ?? "OR";
        if (method is not ("AND" or "OR")) throw new ControlRefusal("\"method\" must be AND or OR.");
        var step = new FlowStep(state.Ids.Next("")[..8], input.Text("name") ?? "审批人", people, chosen, method);
        return flows.Add(form.ProcessCode, step, input.Flag("anew", false)) ? new JsonObject { ["ok"] = true, ["actor_key"] = step.ActorKey } : throw new ControlRefusal("A flow has 20 steps at most.");
    }

    /// <summary>A page of the application uploads for them to the space of approvals; what it gets goes into a form or beside a remark.</summary>
    public JsonObject Upload(Person who, ControlInput input)
    {
        if (!files.MayUpload(who.UserId)) throw new ControlRefusal($"{who.UserId} may not upload: the application asks for the space first (processInstances/spaces/infos/query).");
        var base64 = input.Need("base64");
        var bytes = new byte[base64.Length];
        if (!Convert.TryFromBase64String(base64, bytes, out var length)) throw new ControlRefusal("\"base64\" is not base64.");
        if (length > MostBytes) throw new ControlRefusal("The file is larger than 20 MB.", 413);
        var name = input.Need("name");
        var type = System.IO.Path.GetExtension(name).TrimStart('.') is { Length: > 0 } extension ? extension : "file";
        var stored = new StoredFile { Key = state.Ids.Next("") + state.Ids.Next(""), IsImage = false, Name = name, Type = "file", ContentType = "application/octet-stream", Bytes = bytes.AsMemory(0, length), OwnerId = who.UserId };
        var file = files.Put(name, type, stored, who.UserId);
        var shown = new ApprovalAttachment(ApprovalFiles.SpaceId.ToString(), file.Id, file.Name, file.Size.ToString(), file.Type).Show();
        shown["ok"] = true;
        return shown;
    }
}
