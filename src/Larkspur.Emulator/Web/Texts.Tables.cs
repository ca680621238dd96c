using System.Text.Json;
using Larkspur.Emulator.Feishu.Tables.Editing;

namespace Larkspur.Emulator.Web;

/// <summary>Tables.</summary>
public sealed partial class Texts
{
    private static readonly Dictionary<string, (string En, string Zh)> FieldKinds = new(StringComparer.Ordinal)
    {
        ["Text"] = ("Text", "文本"), ["Email"] = ("Email", "邮箱"), ["Barcode"] = ("Barcode", "条码"), ["Number"] = ("Number", "数字"),
        ["Currency"] = ("Currency", "货币"), ["Progress"] = ("Progress", "进度"), ["Rating"] = ("Rating", "评分"),
        ["SingleSelect"] = ("Single select", "单选"), ["MultiSelect"] = ("Multiple select", "多选"), ["DateTime"] = ("Date", "日期"),
        ["Checkbox"] = ("Checkbox", "复选框"), ["User"] = ("Person", "人员"), ["Phone"] = ("Phone", "电话号码"), ["Url"] = ("Link", "超链接"),
        ["Attachment"] = ("Attachment", "附件"), ["SingleLink"] = ("One-way link", "单向关联"), ["Lookup"] = ("Lookup", "查找引用"),
        ["Formula"] = ("Formula", "公式"), ["DuplexLink"] = ("Two-way link", "双向关联"), ["Location"] = ("Location", "地理位置"),
        ["GroupChat"] = ("Group", "群组"), ["CreatedTime"] = ("Created time", "创建时间"), ["ModifiedTime"] = ("Modified time", "最后更新时间"),
        ["CreatedUser"] = ("Created by", "创建人"), ["ModifiedUser"] = ("Modified by", "修改人"), ["AutoNumber"] = ("Auto number", "自动编号"),
    };

    private static readonly Dictionary<string, (string En, string Zh)> ScriptTexts = new(StringComparer.Ordinal)
    {
        ["rows"] = ("{n} rows", "{n} 行"),
        ["rowsOf"] = ("{n} of {all} rows", "{n} / {all} 行"),
        ["hidden"] = ("{n} fields hidden", "隐藏 {n} 个字段"),
        ["hiddenOne"] = ("1 field hidden", "隐藏 1 个字段"),
        ["rowsOne"] = ("1 row", "1 行"),
        ["fields"] = ("Fields", "字段"),
        ["apply"] = ("Apply", "应用"),
        ["selected"] = ("{n} cells selected", "已选 {n} 个单元格"),
        ["rowsSelected"] = ("{n} rows selected", "已选 {n} 行"),
        ["noRows"] = ("No rows yet", "还没有记录"),
        ["noMatch"] = ("No rows match", "没有符合条件的记录"),
        ["clear"] = ("Clear", "清除"),
        ["readOnlyField"] = ("This field is filled in by the table itself", "该字段由系统生成，不可编辑"),
        ["empty"] = ("empty", "空"),
        ["row"] = ("row {n}", "第 {n} 行"),
        ["refusedBlock"] = ("{n} cells cannot take this: nothing was written", "{n} 个单元格的内容无效，未写入任何内容"),
        ["keptTyped"] = ("Enter goes on with it, Esc drops it", "按 Enter 继续修改，按 Esc 放弃"),
        ["meanwhile"] = ("{who} changed this cell meanwhile to \"{value}\". Enter overwrites it with yours, Esc keeps theirs.",
            "{who} 刚刚将此单元格改为“{value}”。按 Enter 以你的内容覆盖，按 Esc 保留对方的内容。"),
        ["rowGone"] = ("{who} deleted this row. What you typed: {value}", "{who} 删除了这一行。你输入的内容：{value}"),
        ["changedBy"] = ("{who} changed this at {at}", "{who} 于 {at} 修改"),
        ["editingNow"] = ("{who} is editing", "{who} 正在编辑"),
        ["isHere"] = ("{who} is here", "{who} 在这里"),
        ["added"] = ("Added, but hidden by the filter in force", "已添加，但被当前筛选隐藏"),
        ["deleted"] = ("{n} rows deleted. Ctrl+Z brings them back", "已删除 {n} 行，按 Ctrl+Z 恢复"),
        ["deletedOne"] = ("1 row deleted. Ctrl+Z brings it back", "已删除 1 行，按 Ctrl+Z 恢复"),
        ["tooWide"] = ("{n} columns did not fit and were left out", "{n} 列超出表格，未粘贴"),
        ["make"] = ("Make option \"{name}\"", "新建选项“{name}”"),
        ["nothingFound"] = ("Nothing matches", "没有匹配项"),
        ["openRow"] = ("Open row", "展开记录"),
        ["copyRow"] = ("Copy row", "复制记录"),
        ["copyRows"] = ("Copy {n} rows", "复制 {n} 行"),
        ["deleteRow"] = ("Delete row", "删除记录"),
        ["deleteRows"] = ("Delete {n} rows", "删除 {n} 行"),
        ["history"] = ("History", "修改历史"),
        ["rename"] = ("Rename", "重命名"),
        ["name"] = ("Field name", "字段名称"),
        ["type"] = ("Type", "字段类型"),
        ["save"] = ("Save", "保存"),
        ["addField"] = ("Add field", "添加字段"),
        ["editField"] = ("Edit field", "编辑字段"),
        ["options"] = ("Options", "选项"),
        ["addOption"] = ("Add option", "添加选项"),
        ["optionName"] = ("Option name", "选项名称"),
        ["colour"] = ("Colour", "颜色"),
        ["deleteField"] = ("Delete field", "删除字段"),
        ["deleteFieldAsk"] = ("Delete the field \"{name}\"?", "删除字段“{name}”？"),
        ["deleteFieldText"] = ("What it holds in every row is deleted too, and cannot be brought back.", "该字段在所有行中的内容都会被删除，且无法撤销。"),
        ["ascending"] = ("Sort ascending", "升序"),
        ["descending"] = ("Sort descending", "降序"),
        ["unsorted"] = ("Clear sort", "取消排序"),
        ["filterBy"] = ("Filter by this field", "按此字段筛选"),
        ["fieldMenu"] = ("Menu of {name}", "字段菜单：{name}"),
        ["addCondition"] = ("Add condition", "添加条件"),
        ["field"] = ("Field", "字段"),
        ["condition"] = ("Condition", "条件"),
        ["value"] = ("Value", "值"),
        ["remove"] = ("Remove", "移除"),
        ["noSort"] = ("Click a header to sort; with Shift another field is added", "点击表头排序；按住 Shift 可追加字段"),
        ["createdRow"] = ("added the row", "创建了记录"),
        ["deletedRow"] = ("deleted the row", "删除了记录"),
        ["editedRow"] = ("changed the row", "修改了记录"),
        ["noHistory"] = ("The emulator remembers no change of this row", "模拟器没有记下这一行的变动"),
        ["rowMenu"] = ("Row menu", "记录菜单"),
        ["previous"] = ("Previous row", "上一条"),
        ["next"] = ("Next row", "下一条"),
        ["undone"] = ("Undone", "已撤销"),
        ["redone"] = ("Redone", "已重做"),
        ["yes"] = ("ticked", "已勾选"),
        ["no"] = ("not ticked", "未勾选"),
    };

    private static readonly Dictionary<string, (string En, string Zh)> Operators = new(StringComparer.Ordinal)
    {
        ["is"] = ("is", "等于"),
        ["isNot"] = ("is not", "不等于"),
        ["contains"] = ("contains", "包含"),
        ["doesNotContain"] = ("does not contain", "不包含"),
        ["isEmpty"] = ("is empty", "为空"),
        ["isNotEmpty"] = ("is not empty", "不为空"),
        ["isGreater"] = (">", "大于"),
        ["isGreaterEqual"] = ("≥", "大于等于"),
        ["isLess"] = ("<", "小于"),
        ["isLessEqual"] = ("≤", "小于等于"),
        ["after"] = ("is after", "晚于"),
        ["before"] = ("is before", "早于"),
    };

    public string Tables => _zh ? "表格" : "Tables";
    public string NoTables => _zh ? "没有可以打开的多维表格" : "No tables to open";
    public string NoTablesHint(string name) => _zh ? $"与 {name} 共享的多维表格会显示在这里。"
        : $"Bases that {name} owns or that are shared with them show up here.";
    public string TableSize(int rows, int fields) => _zh ? $"{rows:N0} 行 · {fields} 个字段"
        : $"{rows:N0} {(rows == 1 ? "row" : "rows")} · {fields} {(fields == 1 ? "field" : "fields")}";
    public string TableMissing => _zh ? "数据表不存在，或你没有访问权限" : "The table does not exist, or you may not open it";
    public string TableReadOnly => _zh ? "你只有阅读权限" : "You may read this table only";
    public string TableReadOnlyMark => _zh ? "只读" : "Read only";
    public string TableUntitledRow => _zh ? "未命名记录" : "Untitled record";
    public string TableViews => _zh ? "视图" : "Views";
    public string TableTools => _zh ? "工具栏" : "Tools";
    public string TableHere => _zh ? "正在查看的人" : "Who else is here";
    public string TableAddRow => _zh ? "添加记录" : "Add row";
    public string TableFilter => _zh ? "筛选" : "Filter";
    public string TableSort => _zh ? "排序" : "Sort";
    public string TableUndo => _zh ? "撤销（Ctrl+Z）" : "Undo (Ctrl+Z)";
    public string TableRedo => _zh ? "重做（Ctrl+Y）" : "Redo (Ctrl+Y)";
    public string TableSearch => _zh ? "搜索记录" : "Search rows";
    public string TableKeys => _zh ? "Enter 编辑 · Esc 取消 · Ctrl+C/V 复制粘贴 · Ctrl+Z 撤销 · Ctrl+Enter 展开记录"
        : "Enter edits · Esc cancels · Ctrl+C/V copies and pastes · Ctrl+Z undoes · Ctrl+Enter opens the row";
    public string TableTooMuch(int cells) => _zh ? $"一次最多写入 {cells:N0} 个单元格" : $"At most {cells:N0} cells can be written at once";
    public string TableNothingToTurn(bool redo) => _zh ? redo ? "没有可重做的操作" : "没有可撤销的操作" : redo ? "Nothing to redo" : "Nothing to undo";
    public string TableTurnedInPart(int left) => _zh ? $"{left} 行此后有变动，保持不变"
        : left == 1 ? "One row changed since and was left as it is" : $"{left} rows changed since and were left as they are";
    public string TableBadFilter(string field) => _zh ? $"字段“{field}”不支持这样的筛选条件" : $"\"{field}\" takes no such condition";
    public string TableManyConditions(int most) => _zh ? $"最多 {most} 个筛选条件" : $"A filter has at most {most} conditions";
    public string TableBrokenFilter => _zh ? "无法识别筛选条件" : "The filter cannot be read";
    public string FieldKind(string ui) => FieldKinds.TryGetValue(ui, out var name) ? _zh ? name.Zh : name.En : ui;

    /// <summary>What the scripts of a table's page say, as the value of one data attribute.</summary>
    public string ForTables => JsonSerializer.Serialize(ScriptTexts.ToDictionary(t => t.Key, t => (object)(_zh ? t.Value.Zh : t.Value.En))
        .Concat(new Dictionary<string, object>
        {
            ["kinds"] = FieldEdits.Kinds.Select(k => new { ui = k.Ui, name = FieldKind(k.Ui) }),
            ["operators"] = Operators.ToDictionary(o => o.Key, o => _zh ? o.Value.Zh : o.Value.En),
            ["readOnly"] = TableReadOnly, ["close"] = Close, ["untitled"] = TableUntitledRow,
        }).ToDictionary());
}
