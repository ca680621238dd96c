using System.Text.Json;

namespace Larkspur.Feishu.Approvals;

/// <summary>What a control of an instance's form holds. The kind decides which record it is; what cannot be read as that is <see cref="ApprovalOtherValue"/>.</summary>
public abstract record ApprovalValue;

/// <summary>Text; of an address the whole of it, of a radio the option's text (of an external one its key).</summary>
/// <param name="Text">The text.</param>
public sealed record ApprovalTextValue(string Text) : ApprovalValue;

/// <summary>A number or an amount.</summary>
/// <param name="Number">How much.</param>
/// <param name="Currency">Of an amount, when the platform says it; else null.</param>
public sealed record ApprovalNumberValue(decimal Number, string? Currency) : ApprovalValue;

/// <summary>Chosen options.</summary>
/// <param name="Texts">Their texts, or keys where they come from another system.</param>
/// <param name="Keys">Their keys, when the platform says them; else empty.</param>
public sealed record ApprovalOptionsValue(IReadOnlyList<string> Texts, IReadOnlyList<string> Keys) : ApprovalValue;

/// <summary>A point in time.</summary>
/// <param name="At">When.</param>
public sealed record ApprovalDateValue(DateTimeOffset At) : ApprovalValue;

/// <summary>From, to, and how many days; also of the groups, which have their words besides.</summary>
/// <param name="Start">From.</param>
/// <param name="End">To.</param>
/// <param name="Days">How many, or hours where <paramref name="Unit"/> says so.</param>
/// <param name="Unit"><c>DAY</c> or <c>HOUR</c>; null: days.</param>
/// <param name="Name">Groups: which leave, which overtime.</param>
/// <param name="Reason">Groups: why.</param>
public sealed record ApprovalIntervalValue(DateTimeOffset Start, DateTimeOffset End, decimal Days, string? Unit = null, string? Name = null, string? Reason = null) : ApprovalValue;

/// <summary>People.</summary>
/// <param name="UserIds">Their user_ids.</param>
/// <param name="OpenIds">Their open_ids, in the same order when both are there.</param>
public sealed record ApprovalPeopleValue(IReadOnlyList<string> UserIds, IReadOnlyList<string> OpenIds) : ApprovalValue;

/// <summary>Departments.</summary>
/// <param name="OpenDepartmentIds"><c>od-…</c></param>
public sealed record ApprovalDepartmentsValue(IReadOnlyList<string> OpenDepartmentIds) : ApprovalValue;

/// <summary>Other approvals.</summary>
/// <param name="InstanceCodes">Which.</param>
public sealed record ApprovalConnectedValue(IReadOnlyList<string> InstanceCodes) : ApprovalValue;

/// <summary>A document of the platform.</summary>
/// <param name="Token">Its document_id.</param>
/// <param name="Type"><c>docx</c>, ….</param>
/// <param name="Title">Its title, or null.</param>
/// <param name="Url">Where it is, or null.</param>
public sealed record ApprovalDocumentValue(string Token, string Type, string? Title, string? Url) : ApprovalValue;

/// <summary>Files or pictures.</summary>
/// <param name="Urls">Where they can be fetched, for 12 hours.</param>
/// <param name="Names">Their names, in the same order; empty when the platform does not say them (pictures sent from the client).</param>
public sealed record ApprovalFilesValue(IReadOnlyList<string> Urls, IReadOnlyList<string> Names) : ApprovalValue;

/// <summary>A telephone number.</summary>
/// <param name="CountryCode"><c>+86</c></param>
/// <param name="NationalNumber">The rest.</param>
public sealed record ApprovalTelephoneValue(string CountryCode, string NationalNumber) : ApprovalValue;

/// <summary>A table.</summary>
/// <param name="Rows">Row by row, the controls that were filled in.</param>
public sealed record ApprovalRowsValue(IReadOnlyList<ApprovalFormValues> Rows) : ApprovalValue;

/// <summary>A change of shifts.</summary>
/// <param name="Shift">The shift given away.</param>
/// <param name="GiveBack">The one worked instead.</param>
/// <param name="Reason">Why.</param>
public sealed record ApprovalShiftValue(DateTimeOffset Shift, DateTimeOffset GiveBack, string Reason) : ApprovalValue;

/// <summary>A value of a type, or in a form, that this SDK does not know.</summary>
/// <param name="Json">As the platform wrote it; of kind Undefined when there is none.</param>
public sealed record ApprovalOtherValue(JsonElement Json) : ApprovalValue;
