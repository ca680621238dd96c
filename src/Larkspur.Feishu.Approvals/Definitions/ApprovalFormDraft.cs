using System.Text.Json.Nodes;

namespace Larkspur.Feishu.Approvals;

/// <summary>The form of a draft, control by control, in its order. Only what the API can make: approval-v4/approval/approval-definition-form-control-parameters.</summary>
public sealed class ApprovalFormDraft
{
    private const string DayFormat = "YYYY-MM-DD";

    private readonly List<Func<ApprovalTexts, JsonObject>> _controls = [];
    private readonly HashSet<string> _ids;
    private readonly bool _inTable;

    internal ApprovalFormDraft() => _ids = new(StringComparer.Ordinal);

    private ApprovalFormDraft(HashSet<string> ids) => (_ids, _inTable) = (ids, true);

    internal IReadOnlySet<string> Ids => _ids;

    /// <summary>One line of text.</summary>
    /// <param name="id">The control's id, unique in the form.</param>
    /// <param name="name">What people see.</param>
    /// <param name="required">Must be filled in.</param>
    public ApprovalFormDraft Input(string id, ApprovalText name, bool required = false) => Add(id, name, "input", required);

    /// <summary>Several lines of text.</summary>
    /// <param name="id">The control's id, unique in the form.</param>
    /// <param name="name">What people see.</param>
    /// <param name="required">Must be filled in.</param>
    public ApprovalFormDraft TextArea(string id, ApprovalText name, bool required = false) => Add(id, name, "textarea", required);

    /// <summary>A number.</summary>
    /// <param name="id">The control's id, unique in the form.</param>
    /// <param name="name">What people see.</param>
    /// <param name="required">Must be filled in.</param>
    public ApprovalFormDraft Number(string id, ApprovalText name, bool required = false) => Add(id, name, "number", required);

    /// <summary>Money.</summary>
    /// <param name="id">The control's id, unique in the form.</param>
    /// <param name="name">What people see.</param>
    /// <param name="required">Must be filled in.</param>
    /// <param name="currencies"><c>CNY</c>, <c>USD</c>, …; the first is the usual one. None: CNY.</param>
    public ApprovalFormDraft Amount(string id, ApprovalText name, bool required = false, params IReadOnlyList<string> currencies)
    {
        ArgumentNullException.ThrowIfNull(currencies);
        string[] range = currencies.Count == 0 ? ["CNY"] : [.. currencies];
        if (range.FirstOrDefault(c => c.Length != 3 || c.Any(l => !char.IsAsciiLetterUpper(l))) is { } wrong) throw new ArgumentException($"\"{wrong}\" is no currency: CNY, USD, … are.", nameof(currencies));
        return Add(id, name, "amount", required, (control, _) =>
        {
            control["value"] = range[0];
            control["option"] = new JsonObject { ["currencyRange"] = new JsonArray([.. range.Select(c => (JsonNode)c)]) };
        });
    }

    /// <summary>One of several options.</summary>
    /// <param name="id">The control's id, unique in the form.</param>
    /// <param name="name">What people see.</param>
    /// <param name="required">Must be filled in.</param>
    /// <param name="options">Key and words of each; keys are unique.</param>
    public ApprovalFormDraft Radio(string id, ApprovalText name, bool required, params IReadOnlyList<(string Key, ApprovalText Text)> options) => Choice(id, name, "radioV2", required, options);

    /// <summary>Some of several options.</summary>
    /// <param name="id">The control's id, unique in the form.</param>
    /// <param name="name">What people see.</param>
    /// <param name="required">Must be filled in.</param>
    /// <param name="options">Key and words of each; keys are unique.</param>
    public ApprovalFormDraft Checkbox(string id, ApprovalText name, bool required, params IReadOnlyList<(string Key, ApprovalText Text)> options) => Choice(id, name, "checkboxV2", required, options);

    /// <summary>A date.</summary>
    /// <param name="id">The control's id, unique in the form.</param>
    /// <param name="name">What people see.</param>
    /// <param name="required">Must be filled in.</param>
    /// <param name="format"><c>YYYY-MM-DD</c>, <c>YYYY-MM-DD a</c> (half days) or <c>YYYY-MM-DD hh:mm</c>.</param>
    public ApprovalFormDraft Date(string id, ApprovalText name, bool required = false, string format = DayFormat)
        => Add(id, name, "date", required, (control, _) => control["value"] = Format(format));

    /// <summary>From and to.</summary>
    /// <param name="id">The control's id, unique in the form.</param>
    /// <param name="name">What people see.</param>
    /// <param name="required">Must be filled in.</param>
    /// <param name="format"><c>YYYY-MM-DD</c>, <c>YYYY-MM-DD a</c> (half days) or <c>YYYY-MM-DD hh:mm</c>.</param>
    /// <param name="mayChangeDays">People may change the number of days that the platform computes.</param>
    public ApprovalFormDraft Interval(string id, ApprovalText name, bool required = false, string format = DayFormat, bool mayChangeDays = false)
        => Add(id, name, "dateInterval", required, (control, _) => control["value"] = new JsonObject { ["format"] = Format(format), ["intervalAllowModify"] = mayChangeDays });

    /// <summary>People.</summary>
    /// <param name="id">The control's id, unique in the form.</param>
    /// <param name="name">What people see.</param>
    /// <param name="required">Must be filled in.</param>
    /// <param name="several">More than one.</param>
    /// <param name="notOneself">Not the submitter.</param>
    public ApprovalFormDraft Contact(string id, ApprovalText name, bool required = false, bool several = false, bool notOneself = false)
        => Add(id, name, "contact", required, (control, _) => control["value"] = new JsonObject { ["multi"] = several, ["ignore"] = notOneself });

    /// <summary>Departments.</summary>
    /// <param name="id">The control's id, unique in the form.</param>
    /// <param name="name">What people see.</param>
    /// <param name="required">Must be filled in.</param>
    public ApprovalFormDraft Department(string id, ApprovalText name, bool required = false) => Add(id, name, "department", required);

    /// <summary>Other approvals.</summary>
    /// <param name="id">The control's id, unique in the form.</param>
    /// <param name="name">What people see.</param>
    /// <param name="required">Must be filled in.</param>
    /// <param name="approvalCodes">Of which definitions.</param>
    public ApprovalFormDraft Connect(string id, ApprovalText name, bool required, params IReadOnlyList<string> approvalCodes)
    {
        ArgumentNullException.ThrowIfNull(approvalCodes);
        return Add(id, name, "connect", required, (control, _) => control["value"] = new JsonArray([.. approvalCodes.Select(c => (JsonNode)c)]));
    }

    /// <summary>Files.</summary>
    /// <param name="id">The control's id, unique in the form.</param>
    /// <param name="name">What people see.</param>
    /// <param name="required">Must be filled in.</param>
    public ApprovalFormDraft Attachment(string id, ApprovalText name, bool required = false) => Add(id, name, "attachmentV2", required);

    /// <summary>Pictures.</summary>
    /// <param name="id">The control's id, unique in the form.</param>
    /// <param name="name">What people see.</param>
    /// <param name="required">Must be filled in.</param>
    public ApprovalFormDraft Image(string id, ApprovalText name, bool required = false) => Add(id, name, "image", required);

    /// <summary>A telephone number.</summary>
    /// <param name="id">The control's id, unique in the form.</param>
    /// <param name="name">What people see.</param>
    /// <param name="required">Must be filled in.</param>
    /// <param name="available"><c>MOBILE</c>, <c>FIXED_LINE</c> or <c>FIXED_LINE_OR_MOBILE</c>.</param>
    public ApprovalFormDraft Telephone(string id, ApprovalText name, bool required = false, string available = "FIXED_LINE_OR_MOBILE")
        => available is "MOBILE" or "FIXED_LINE" or "FIXED_LINE_OR_MOBILE"
            ? Add(id, name, "telephone", required, (control, _) => control["option"] = new JsonObject { ["availableType"] = available })
            : throw new ArgumentException($"\"{available}\" is no kind of telephone.", nameof(available));

    /// <summary>A place.</summary>
    /// <param name="id">The control's id, unique in the form.</param>
    /// <param name="name">What people see.</param>
    /// <param name="required">Must be filled in.</param>
    /// <param name="withDetail">Street and house too.</param>
    public ApprovalFormDraft Address(string id, ApprovalText name, bool required = false, bool withDetail = false)
        => Add(id, name, "address", required, (control, _) => control["value"] = new JsonObject { ["enableDetailAddress"] = withDetail, ["requiredDetailAddress"] = false, ["preLocating"] = false });

    /// <summary>Words that stand in the form.</summary>
    /// <param name="id">The control's id.</param>
    /// <param name="name">Its name.</param>
    /// <param name="text">The text.</param>
    public ApprovalFormDraft Note(string id, ApprovalText name, ApprovalText text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Add(id, name, "text", required: false, (control, texts) => control["value"] = texts.Key(text, id));
    }

    /// <summary>A table.</summary>
    /// <param name="id">The control's id, unique in the form.</param>
    /// <param name="name">What people see.</param>
    /// <param name="required">Must be filled in.</param>
    /// <param name="columns">Adds its controls; no tables among them.</param>
    public ApprovalFormDraft Table(string id, ApprovalText name, bool required, Action<ApprovalFormDraft> columns)
    {
        ArgumentNullException.ThrowIfNull(columns);
        if (_inTable) throw new ArgumentException($"{id}: a table cannot stand in a table.", nameof(id));
        var inner = new ApprovalFormDraft(_ids);
        columns(inner);
        if (inner._controls.Count == 0) throw new ArgumentException($"The table {id} has no columns.", nameof(columns));
        return Add(id, name, "fieldList", required, (control, texts) =>
        {
            control["value"] = new JsonArray([.. inner._controls.Select(c => (JsonNode)c(texts))]);
            control["option"] = new JsonObject { ["inputType"] = "LIST", ["printType"] = "LIST" };
        });
    }

    internal string Write(ApprovalTexts texts) => _controls.Count == 0
        ? throw new ArgumentException("The form has no controls.")
        : new JsonArray([.. _controls.Select(c => (JsonNode)c(texts))]).ToJsonString(FeishuJson.Options);

    private static string Format(string format)
        => format is DayFormat or "YYYY-MM-DD a" or "YYYY-MM-DD hh:mm" ? format : throw new ArgumentException($"\"{format}\" is no date format of the platform.", nameof(format));

    private ApprovalFormDraft Choice(string id, ApprovalText name, string type, bool required, IReadOnlyList<(string Key, ApprovalText Text)> options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Count == 0) throw new ArgumentException($"{id} has no options.", nameof(options));
        if (options.Select(o => o.Key).Distinct(StringComparer.Ordinal).Count() < options.Count || options.Any(o => string.IsNullOrEmpty(o.Key)))
            throw new ArgumentException($"The options of {id} need keys, each of its own.", nameof(options));
        return Add(id, name, type, required, (control, texts) => control["value"]
            = new JsonArray([.. options.Select(o => (JsonNode)new JsonObject { ["key"] = o.Key, ["text"] = texts.Key(o.Text, id) })]));
    }

    private ApprovalFormDraft Add(string id, ApprovalText name, string type, bool required, Action<JsonObject, ApprovalTexts>? more = null)
    {
        ApprovalIds.Code(id, nameof(id));
        ArgumentNullException.ThrowIfNull(name);
        if (!_ids.Add(id)) throw new ArgumentException($"There are two controls with the id {id}.", nameof(id));
        _controls.Add(texts =>
        {
            var control = new JsonObject { ["id"] = id, ["custom_id"] = id, ["name"] = texts.Key(name, id), ["type"] = type, ["required"] = required };
            more?.Invoke(control, texts);
            return control;
        });
        return this;
    }
}
