using System.Text.Json;
using Larkspur.Feishu.Tables;

namespace Larkspur.Tables.Tests;

/// <summary>A table with a field of every type, as its field list says it. All ids are made up.</summary>
internal static class Shapes
{
    public const string Fields = """
        [
          {"field_id":"fldText","field_name":"名称","type":1,"ui_type":"Text","is_primary":true,"property":null},
          {"field_id":"fldMail","field_name":"邮箱","type":1,"ui_type":"Email","property":null},
          {"field_id":"fldBar","field_name":"条码","type":1,"ui_type":"Barcode","property":{
            "allowed_edit_modes":{"manual":true,"scan":true}}},
          {"field_id":"fldNum","field_name":"金额","type":2,"ui_type":"Number","property":{"formatter":"0.00"}},
          {"field_id":"fldOne","field_name":"阶段","type":3,"ui_type":"SingleSelect","property":{"options":[
            {"id":"optOpen","name":"Open","color":0},{"id":"optDone","name":"Done","color":1}]}},
          {"field_id":"fldMany","field_name":"标签","type":4,"ui_type":"MultiSelect","property":{"options":[
            {"id":"optA","name":"A","color":0},{"id":"optB","name":"B","color":1}]}},
          {"field_id":"fldDate","field_name":"日期","type":5,"ui_type":"DateTime","property":{
            "date_formatter":"yyyy/MM/dd","auto_fill":false}},
          {"field_id":"fldTick","field_name":"完成","type":7,"ui_type":"Checkbox","property":null},
          {"field_id":"fldWho","field_name":"人员","type":11,"ui_type":"User","property":{"multiple":true}},
          {"field_id":"fldTel","field_name":"电话","type":13,"ui_type":"Phone","property":null},
          {"field_id":"fldUrl","field_name":"链接","type":15,"ui_type":"Url","property":null},
          {"field_id":"fldFile","field_name":"附件","type":17,"ui_type":"Attachment","property":null},
          {"field_id":"fldLink","field_name":"关联","type":18,"ui_type":"SingleLink","property":{"multiple":true,"table_id":"tblOther"}},
          {"field_id":"fldBoth","field_name":"双向","type":21,"ui_type":"DuplexLink","property":{"multiple":true,"table_id":"tblOther"}},
          {"field_id":"fldLook","field_name":"引用","type":19,"ui_type":"Lookup","property":null},
          {"field_id":"fldForm","field_name":"公式","type":20,"ui_type":"Formula","property":{"formula_expression":"1+1"}},
          {"field_id":"fldHere","field_name":"位置","type":22,"ui_type":"Location","property":{"location":{"input_type":"not_limit"}}},
          {"field_id":"fldChat","field_name":"群","type":23,"ui_type":"GroupChat","property":{"multiple":true}},
          {"field_id":"fldStage","field_name":"流程","type":24,"ui_type":"Stage","property":null},
          {"field_id":"fldMade","field_name":"创建时间","type":1001,"ui_type":"CreatedTime","property":{"date_formatter":"yyyy/MM/dd"}},
          {"field_id":"fldEdit","field_name":"修改时间","type":1002,"ui_type":"ModifiedTime","property":{"date_formatter":"yyyy/MM/dd"}},
          {"field_id":"fldBy","field_name":"创建人","type":1003,"ui_type":"CreatedUser","property":null},
          {"field_id":"fldBy2","field_name":"修改人","type":1004,"ui_type":"ModifiedUser","property":null},
          {"field_id":"fldNo","field_name":"编号","type":1005,"ui_type":"AutoNumber","property":null},
          {"field_id":"fldNew","field_name":"将来","type":4711,"ui_type":"Future","property":null}
        ]
        """;

    private static readonly Dictionary<string, TableField> All =
        Json(Fields).EnumerateArray().Select(TableField.Read).ToDictionary(field => field.Name);

    public static TableField Field(string name) => All[name];

    public static JsonElement Json(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }
}
