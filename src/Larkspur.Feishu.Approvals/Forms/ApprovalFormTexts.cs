namespace Larkspur.Feishu.Approvals;

/// <summary>What problems of a form are called, in both languages.</summary>
internal static class ApprovalFormTexts
{
    private const int LongestShown = 60;

    /// <summary>What a control wants.</summary>
    public static FeishuExplanation Wanted(ApprovalControlKind kind) => kind switch
    {
        ApprovalControlKind.Input or ApprovalControlKind.TextArea => new("一段文字", "text"),
        ApprovalControlKind.Number or ApprovalControlKind.Formula => new("一个数字", "a number"),
        ApprovalControlKind.Amount => new("金额：一个数字，可带币种", "an amount: a number, with a currency if need be"),
        ApprovalControlKind.Radio => new("一个选项的 key 或文字", "the key or the text of one option"),
        ApprovalControlKind.Checkbox => new("若干选项的 key 或文字", "the keys or texts of options"),
        ApprovalControlKind.Date => new("一个日期时间，如 2026-11-21T09:00:00+08:00", "a date, like 2026-11-21T09:00:00+08:00"),
        ApprovalControlKind.DateInterval => new("起止日期 start 和 end，可带天数 interval", "start and end dates, with the days as interval if need be"),
        ApprovalControlKind.Contact => new("成员的 open_id 或 user_id", "people's open_ids or user_ids"),
        ApprovalControlKind.Department => new("部门的 open_department_id（od-…）", "departments' open_department_ids (od-…)"),
        ApprovalControlKind.Connect => new("审批实例的 instance_code", "instance codes of approvals"),
        ApprovalControlKind.Document => new("文档的 token", "the token of a document"),
        ApprovalControlKind.Attachment or ApprovalControlKind.Image => new("上传文件后得到的 code", "the codes of uploaded files"),
        ApprovalControlKind.FieldList => new("明细行，每行按控件给值", "rows, each with values by control"),
        ApprovalControlKind.Telephone => new("电话：区号 country_code 和号码 national_number", "a telephone number: country_code and national_number"),
        ApprovalControlKind.Address => new("地址：区域 id，可带 detail_address", "an address: the id of a district, with detail_address if need be"),
        ApprovalControlKind.LeaveGroup or ApprovalControlKind.WorkGroup or ApprovalControlKind.OutGroup => new("控件组内各控件的值", "values of the group's controls"),
        ApprovalControlKind.ShiftGroup => new("换班：shift_time、return_time 和 reason", "a change of shifts: shift_time, return_time and reason"),
        _ => new("该类型控件的 JSON 值", "a JSON value of its type"),
    };

    public static FeishuExplanation UnknownControl(string key, IEnumerable<ApprovalControl> there)
    {
        string names = string.Join("、", there.Take(20).Select(Short)), english = string.Join(", ", there.Take(20).Select(Short));
        return new($"表单里没有控件“{Shown(key)}”。已有：{names}。", $"The form has no control \"{Shown(key)}\". It has: {english}.");

        static string Short(ApprovalControl control) => control.Name.Length > 0 ? $"{control.Name} ({control.CustomId ?? control.Id})" : control.CustomId ?? control.Id;
    }

    public static FeishuExplanation AmbiguousName(string key)
        => new($"有多个控件叫“{Shown(key)}”，请改用控件 ID。", $"Several controls are called \"{Shown(key)}\": use the control's id.");

    public static FeishuExplanation WrongType(ApprovalControl control, FeishuExplanation given)
    {
        FeishuExplanation wanted = Wanted(control.Kind);
        return new($"控件{Name(control)}需要{wanted.Chinese}，给的是{given.Chinese}。", $"Control {EnglishName(control)} wants {wanted.English}, not {given.English}.");
    }

    public static FeishuExplanation Wrong(ApprovalControl control, string chinese, string english)
        => new($"控件{Name(control)}：{chinese}。", $"Control {EnglishName(control)}: {english}.");

    public static FeishuExplanation UnknownOption(ApprovalControl control, string given)
    {
        string there = string.Join("、", control.Options.Take(20).Select(Option)), english = string.Join(", ", control.Options.Take(20).Select(Option));
        return new($"控件{Name(control)}没有选项“{Shown(given)}”。可选：{there}。", $"Control {EnglishName(control)} has no option \"{Shown(given)}\". It has: {english}.");

        static string Option(ApprovalOption option) => option.Text.Length > 0 ? $"{option.Text} ({option.Key})" : option.Key;
    }

    public static FeishuExplanation AmbiguousOption(ApprovalControl control, string given)
        => new($"控件{Name(control)}有多个选项叫“{Shown(given)}”，请改用选项的 key。", $"Control {EnglishName(control)} has several options called \"{Shown(given)}\": use the option's key.");

    public static FeishuExplanation Missing(ApprovalControl control)
    {
        FeishuExplanation wanted = Wanted(control.Kind);
        return new($"缺少必填控件{Name(control)}：需要{wanted.Chinese}。", $"Required control {EnglishName(control)} is missing: it wants {wanted.English}.");
    }

    public static FeishuExplanation ByHandOnly(ApprovalControl control, bool given) => given
        ? new($"控件{Name(control)}（类型 {control.Type}）不能通过 API 填写。", $"Control {EnglishName(control)} is of type {control.Type}, which the API cannot fill in.")
        : new(
            $"必填控件{Name(control)}（类型 {control.Type}）不能通过 API 填写：请在审批后台改为非必填，或由员工在飞书里发起。",
            $"Required control {EnglishName(control)} is of type {control.Type}, which the API cannot fill in: make it optional in the approval console, or let people submit this form themselves.");

    public static FeishuExplanation GivenTwice(ApprovalControl control)
        => new($"控件{Name(control)}给了两次值。", $"Control {EnglishName(control)} was given twice.");

    public static FeishuExplanation MissingApprover(ApprovalNode node)
        => new($"节点“{Shown(node.Name)}”（{node.CustomId ?? node.Id}）由发起人自选审批人，但没有指定。", $"Nobody is named to decide at step \"{Shown(node.Name)}\" ({node.CustomId ?? node.Id}), where the submitter chooses.");

    /// <summary>A text of the caller's in a message: short, on one line.</summary>
    public static string Shown(string text)
    {
        string line = text.Any(char.IsControl) ? string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c)) : text;
        return line.Truncate(LongestShown);
    }

    private static string Name(ApprovalControl control) => control.Name.Length > 0 ? $"“{Shown(control.Name)}”（{control.Id}）" : $" {control.Id} ";

    private static string EnglishName(ApprovalControl control) => control.Name.Length > 0 ? $"\"{Shown(control.Name)}\" ({control.Id})" : control.Id;
}
