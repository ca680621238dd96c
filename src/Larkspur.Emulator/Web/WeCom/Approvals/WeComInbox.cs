using Larkspur.Emulator.WeCom.Approvals;

namespace Larkspur.Emulator.Web.WeCom.Approvals;

/// <summary>What one person sees of WeCom's approvals.</summary>
internal sealed class WeComInbox(Viewer viewer, ApprovalEngine engine)
{
    public const int MostShown = 200;
    public static readonly string[] Tabs = ["todo", "done", "mine", "copies"];

    public int Open => engine.Approvals.Count(IsOpen);

    /// <summary>Newest first, 200 at most.</summary>
    public IReadOnlyList<WeComApproval> Items(string tab) => [.. engine.Approvals.Where(a => tab switch
    {
        "todo" => IsOpen(a),
        "done" => !IsOpen(a) && a.Nodes.Any(n => n.People.Any(p => p.UserId == viewer.Me.UserId && p.Step != ApprovalStep.Pending)),
        "mine" => a.Applicant == viewer.Me.UserId,
        _ => a.Notified.Contains(viewer.Me.UserId),
    }).Reverse().Take(MostShown)];

    /// <summary>The request, when the person has to do with it.</summary>
    public WeComApproval? Find(string? spNo) => engine.Find(spNo) is { } found && found.Concerns(viewer.Me.UserId) ? found : null;

    public string Name(WeComApproval approval) => LocalTexts.Of(approval.Template.Names, viewer.Texts.Code == "zh");

    public IEnumerable<(string Label, string Text)> Lines(WeComApproval approval) =>
        approval.Fields.Select(f => viewer.Texts.Code == "zh" ? (LocalTexts.Of(f.Label, chinese: true), f.Text) : (LocalTexts.Of(f.Label, chinese: false), f.EnText));

    public static string Address(Viewer viewer, string? tab = null, string? spNo = null, string? asPerson = null, string? language = null)
    {
        var query = $"{WeComApprovalEndpoints.Path}?as={Uri.EscapeDataString(asPerson ?? viewer.Me.UserId)}";
        if (tab is not null) query += $"&tab={tab}";
        if (spNo is not null) query += $"&instance={Uri.EscapeDataString(spNo)}";
        if (language is not null) query += $"&lang={language}";
        return query;
    }

    private bool IsOpen(WeComApproval approval) => approval.Deciders.Contains(viewer.Me.UserId);
}
