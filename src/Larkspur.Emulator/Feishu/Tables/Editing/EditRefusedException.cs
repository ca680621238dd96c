namespace Larkspur.Emulator.Feishu.Tables.Editing;

/// <summary>An edit that a person's client does not take, with the sentence that it says.</summary>
internal sealed class EditRefusedException(LocalizedText said) : Exception(said.En)
{
    public LocalizedText Said { get; } = said;

    /// <summary>The refusal for a code with which the platform would answer the same write.</summary>
    public static EditRefusedException Of(long code) => new(code switch
    {
        1254061 => new("Not a number", "不是有效的数字"),
        1254064 => new("Not a date", "不是有效的日期"),
        1254068 => new("Not a web address", "不是有效的网址"),
        1254072 => new("A phone number is made of digits, with a + in front at most", "电话号码只能包含数字，开头可以有 +"),
        1254103 => new("There is no room for more rows", "已达到行数上限"),
        1254106 or 1254130 => new("The cell cannot hold so much", "超出单元格的容量上限"),
        1254015 => new("This field cannot be edited", "该字段不可编辑"),
        _ => new($"The platform would refuse this with {code}", $"平台会以错误码 {code} 拒绝"),
    });
}
