using System.Text.Json;

namespace Larkspur.WeCom.Approvals;

/// <summary>What is filled into one control. Each kind has its type; <see cref="RawValue"/> holds what this version has none for.</summary>
public abstract record ApprovalValue;

/// <summary><c>Text</c>, <c>Textarea</c>.</summary>
public sealed record TextValue(string Text) : ApprovalValue;

/// <summary><c>Number</c>. A string on the wire.</summary>
public sealed record NumberValue(decimal Number) : ApprovalValue;

/// <summary><c>Money</c>. A string on the wire.</summary>
public sealed record MoneyValue(decimal Amount) : ApprovalValue;

/// <summary><c>Date</c>.</summary>
/// <param name="At">To the second.</param>
/// <param name="IsDay">The control shows the day alone (<c>day</c> rather than <c>hour</c>); must be as the form has it.</param>
public sealed record DateValue(DateTimeOffset At, bool IsDay) : ApprovalValue;

/// <summary>An option of a selector.</summary>
/// <param name="Key">From the form.</param>
/// <param name="Text">What people read; told by the platform, not sent.</param>
public sealed record SelectedOption(string Key, IReadOnlyList<LocalizedText>? Text = null);

/// <summary><c>Selector</c>.</summary>
/// <param name="Options">What was chosen.</param>
/// <param name="IsMultiple">The control takes several (<c>multi</c> rather than <c>single</c>); must be as the form has it.</param>
public sealed record SelectorValue(IReadOnlyList<SelectedOption> Options, bool IsMultiple) : ApprovalValue
{
    /// <summary>One option of a control that takes one.</summary>
    public static SelectorValue One(string key) => new([new SelectedOption(key)], IsMultiple: false);

    /// <summary>Options of a control that takes several.</summary>
    public static SelectorValue Many(params IEnumerable<string> keys) => new([.. keys.Select(k => new SelectedOption(k))], IsMultiple: true);
}

/// <summary>Somebody in a form.</summary>
/// <param name="UserId">Userid.</param>
/// <param name="Name">As the form shows them.</param>
public sealed record FormMember(string UserId, string Name = "");

/// <summary><c>Contact</c> of people.</summary>
public sealed record MembersValue(IReadOnlyList<FormMember> Members) : ApprovalValue;

/// <summary>A department in a form.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">As the form shows it.</param>
public sealed record FormDepartment(string Id, string Name = "");

/// <summary><c>Contact</c> of departments.</summary>
public sealed record DepartmentsValue(IReadOnlyList<FormDepartment> Departments) : ApprovalValue;

/// <summary><c>File</c>: media ids of uploads, 6 in the whole form at most. The platform keeps the files with the approval.</summary>
public sealed record FilesValue(IReadOnlyList<string> MediaIds) : ApprovalValue;

/// <summary><c>Table</c>: rows of filled controls.</summary>
public sealed record TableValue(IReadOnlyList<IReadOnlyList<ApprovalContent>> Rows) : ApprovalValue;

/// <summary><c>DateRange</c>.</summary>
/// <param name="From">Start.</param>
/// <param name="To">End.</param>
/// <param name="Duration">As the platform or the applicant counts it; by no means always the difference.</param>
/// <param name="IsHalfDay">The control shows halves of days (<c>halfday</c> rather than <c>hour</c>).</param>
public sealed record DateRangeValue(DateTimeOffset From, DateTimeOffset To, TimeSpan Duration, bool IsHalfDay) : ApprovalValue;

/// <summary><c>Location</c>.</summary>
/// <param name="Latitude">Degrees.</param>
/// <param name="Longitude">Degrees.</param>
/// <param name="Title">Name of the place.</param>
/// <param name="Address">Where it is.</param>
/// <param name="ChosenAt">When it was chosen.</param>
public sealed record LocationValue(decimal Latitude, decimal Longitude, string Title, string Address, DateTimeOffset? ChosenAt = null) : ApprovalValue;

/// <summary><c>RelatedApproval</c>: numbers of other approvals.</summary>
public sealed record RelatedApprovalsValue(IReadOnlyList<string> Numbers) : ApprovalValue;

/// <summary>What somebody is away for.</summary>
public enum AbsenceKind
{
    /// <summary>Leave.</summary>
    Leave = 1,

    /// <summary>A journey on business.</summary>
    BusinessTrip = 3,

    /// <summary>Out of the office.</summary>
    OutOfOffice = 4,

    /// <summary>Overtime.</summary>
    Overtime = 5,
}

/// <summary><c>Attendance</c>: a journey, out of the office, overtime.</summary>
/// <param name="Kind">Which.</param>
/// <param name="Range">From when to when.</param>
/// <param name="Slices"><c>slice_info</c>: the hours of each day, in the platform's shape.</param>
public sealed record AttendanceValue(AbsenceKind Kind, DateRangeValue Range, JsonElement? Slices = null) : ApprovalValue;

/// <summary><c>Vacation</c>: leave.</summary>
/// <param name="Type">One of the company's kinds of leave, by its key.</param>
/// <param name="Absence">From when to when.</param>
public sealed record VacationValue(SelectedOption Type, AttendanceValue Absence) : ApprovalValue;

/// <summary><c>PunchCorrection</c>: a check-in that was missed.</summary>
/// <param name="State">What is wrong, in words.</param>
/// <param name="At">The time that is to be entered.</param>
public sealed record PunchCorrectionValue(string State, DateTimeOffset At) : ApprovalValue;

/// <summary><c>Formula</c>: worked out by the platform; sent, it is left out.</summary>
public sealed record FormulaValue(string Result) : ApprovalValue;

/// <summary><c>BankAccount</c>.</summary>
public sealed record BankAccountValue(BankAccount Account) : ApprovalValue;

/// <summary>What this version has no type for, or what does not have the shape of its control: the whole <c>value</c>.</summary>
public sealed record RawValue(JsonElement Json) : ApprovalValue;
