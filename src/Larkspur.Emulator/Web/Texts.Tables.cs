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

    public string Tables => _zh ? "表格" : "Tables";
    public string NoTables => _zh ? "没有可以打开的多维表格" : "No tables to open";
    public string NoTablesHint(string name) => _zh ? $"与 {name} 共享的多维表格会显示在这里。" : $"Bases that {name} owns or that are shared with them show up here.";
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
    public string TableKeys => _zh ? "Enter 编辑 · Esc 取消 · Ctrl+C/V 复制粘贴 · Ctrl+Z 撤销 · Ctrl+Space 展开记录"
        : "Enter edits · Esc cancels · Ctrl+C/V copies and pastes · Ctrl+Z undoes · Ctrl+Space opens the row";
    public string TableTooMuch(int cells) => _zh ? $"一次最多写入 {cells:N0} 个单元格" : $"At most {cells:N0} cells can be written at once";
    public string TableNothingToTurn(bool redo) => _zh ? redo ? "没有可重做的操作" : "没有可撤销的操作" : redo ? "Nothing to redo" : "Nothing to undo";
    public string TableTurnedInPart(int left) => _zh ? $"{left} 行此后有变动，保持不变"
        : left == 1 ? "One row changed since and was left as it is" : $"{left} rows changed since and were left as they are";
    public string TableBadFilter(string field) => _zh ? $"字段“{field}”不支持这样的筛选条件" : $"\"{field}\" takes no such condition";
    public string TableManyConditions(int most) => _zh ? $"最多 {most} 个筛选条件" : $"A filter has at most {most} conditions";
    public string TableBrokenFilter => _zh ? "无法识别筛选条件" : "The filter cannot be read";
    public string FieldKind(string ui) => FieldKinds.TryGetValue(ui, out var name) ? _zh ? name.Zh : name.En : ui;

    /// <summary>What the scripts of a table's page say, as the value of one data attribute.</summary>
    public string ForTables => JsonSerializer.Serialize(new
    {
        kinds = FieldEdits.Kinds.Select(k => new { ui = k.Ui, name = FieldKind(k.Ui) }),
        rows = _zh ? "{n} 行" : "{n} rows", rowsOf = _zh ? "{n} / {all} 行" : "{n} of {all} rows", hidden = _zh ? "隐藏 {n} 个字段" : "{n} fields hidden", hiddenOne = _zh ? "隐藏 1 个字段" : "1 field hidden",
        rowsOne = _zh ? "1 行" : "1 row", fields = _zh ? "字段" : "Fields", apply = _zh ? "应用" : "Apply",
        selected = _zh ? "已选 {n} 个单元格" : "{n} cells selected", rowsSelected = _zh ? "已选 {n} 行" : "{n} rows selected",
        noRows = _zh ? "还没有记录" : "No rows yet", noMatch = _zh ? "没有符合条件的记录" : "No rows match", clear = _zh ? "清除" : "Clear",
        readOnlyField = _zh ? "该字段由系统生成，不可编辑" : "This field is filled in by the table itself", readOnly = TableReadOnly,
        empty = _zh ? "空" : "empty", row = _zh ? "第 {n} 行" : "row {n}", loading = _zh ? "加载中…" : "Loading…",
        refusedBlock = _zh ? "{n} 个单元格的内容无效，未写入任何内容" : "{n} cells cannot take this: nothing was written",
        keptTyped = _zh ? "按 Enter 继续修改，按 Esc 放弃" : "Enter goes on with it, Esc drops it",
        meanwhile = _zh ? "{who} 刚刚将此单元格改为“{value}”。按 Enter 以你的内容覆盖，按 Esc 保留对方的内容。"
            : "{who} changed this cell meanwhile to \"{value}\". Enter overwrites it with yours, Esc keeps theirs.",
        rowGone = _zh ? "{who} 删除了这一行。你输入的内容：{value}" : "{who} deleted this row. What you typed: {value}",
        changedBy = _zh ? "{who} 于 {at} 修改" : "{who} changed this at {at}", editingNow = _zh ? "{who} 正在编辑" : "{who} is editing",
        isHere = _zh ? "{who} 在这里" : "{who} is here", added = _zh ? "已添加，但被当前筛选隐藏" : "Added, but hidden by the filter in force",
        deleted = _zh ? "已删除 {n} 行，按 Ctrl+Z 恢复" : "{n} rows deleted. Ctrl+Z brings them back", deletedOne = _zh ? "已删除 1 行，按 Ctrl+Z 恢复" : "1 row deleted. Ctrl+Z brings it back",
        tooWide = _zh ? "{n} 列超出表格，未粘贴" : "{n} columns did not fit and were left out",
        make = _zh ? "新建选项“{name}”" : "Make option \"{name}\"", nothingFound = _zh ? "没有匹配项" : "Nothing matches",
        openRow = _zh ? "展开记录" : "Open row", copyRow = _zh ? "复制记录" : "Copy row", copyRows = _zh ? "复制 {n} 行" : "Copy {n} rows",
        deleteRow = _zh ? "删除记录" : "Delete row", deleteRows = _zh ? "删除 {n} 行" : "Delete {n} rows", history = _zh ? "修改历史" : "History",
        rename = _zh ? "重命名" : "Rename", name = _zh ? "字段名称" : "Field name", type = _zh ? "字段类型" : "Type", save = _zh ? "保存" : "Save",
        addField = _zh ? "添加字段" : "Add field", editField = _zh ? "编辑字段" : "Edit field", options = _zh ? "选项" : "Options", addOption = _zh ? "添加选项" : "Add option",
        optionName = _zh ? "选项名称" : "Option name", colour = _zh ? "颜色" : "Colour", deleteField = _zh ? "删除字段" : "Delete field",
        deleteFieldAsk = _zh ? "删除字段“{name}”？" : "Delete the field \"{name}\"?",
        deleteFieldText = _zh ? "该字段在所有行中的内容都会被删除，且无法撤销。" : "What it holds in every row is deleted too, and cannot be brought back.",
        ascending = _zh ? "升序" : "Sort ascending", descending = _zh ? "降序" : "Sort descending", unsorted = _zh ? "取消排序" : "Clear sort", filterBy = _zh ? "按此字段筛选" : "Filter by this field",
        fieldMenu = _zh ? "字段菜单：{name}" : "Menu of {name}", addCondition = _zh ? "添加条件" : "Add condition", field = _zh ? "字段" : "Field",
        condition = _zh ? "条件" : "Condition", value = _zh ? "值" : "Value", remove = _zh ? "移除" : "Remove", noSort = _zh ? "点击表头排序；按住 Shift 可追加字段" : "Click a header to sort; with Shift another field is added",
        createdRow = _zh ? "创建了记录" : "added the row", deletedRow = _zh ? "删除了记录" : "deleted the row", editedRow = _zh ? "修改了记录" : "changed the row",
        noHistory = _zh ? "模拟器没有记下这一行的变动" : "The emulator remembers no change of this row", you = You, close = Close, cancel = Cancel, untitled = TableUntitledRow,
        rowMenu = _zh ? "记录菜单" : "Row menu", previous = _zh ? "上一条" : "Previous row", next = _zh ? "下一条" : "Next row",
        undone = _zh ? "已撤销" : "Undone", redone = _zh ? "已重做" : "Redone", yes = _zh ? "已勾选" : "ticked", no = _zh ? "未勾选" : "not ticked", more = More,
        operators = _zh
            ? new Dictionary<string, string> { ["is"] = "等于", ["isNot"] = "不等于", ["contains"] = "包含", ["doesNotContain"] = "不包含", ["isEmpty"] = "为空", ["isNotEmpty"] = "不为空", ["isGreater"] = "大于", ["isGreaterEqual"] = "大于等于", ["isLess"] = "小于", ["isLessEqual"] = "小于等于", ["after"] = "晚于", ["before"] = "早于" }
            : new Dictionary<string, string> { ["is"] = "is", ["isNot"] = "is not", ["contains"] = "contains", ["doesNotContain"] = "does not contain", ["isEmpty"] = "is empty", ["isNotEmpty"] = "is not empty", ["isGreater"] = ">", ["isGreaterEqual"] = "≥", ["isLess"] = "<", ["isLessEqual"] = "≤", ["after"] = "is after", ["before"] = "is before" },
    });
}
