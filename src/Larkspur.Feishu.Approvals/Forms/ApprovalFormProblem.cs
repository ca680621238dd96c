namespace Larkspur.Feishu.Approvals;

/// <summary>What is wrong with a form value.</summary>
public enum ApprovalFormFault
{
    /// <summary>The definition has no such control.</summary>
    UnknownControl,

    /// <summary>Several controls have this name: use the id.</summary>
    AmbiguousName,

    /// <summary>The value is not of the control's kind.</summary>
    WrongType,

    /// <summary>The value is of the right kind and still not possible: a currency that is not offered, an end before its start.</summary>
    WrongValue,

    /// <summary>There is no such option.</summary>
    UnknownOption,

    /// <summary>Several options have this text: use the key.</summary>
    AmbiguousOption,

    /// <summary>The form needs a value here.</summary>
    Missing,

    /// <summary>The API takes no value for controls of this type: only people can fill them in.</summary>
    ByHandOnly,

    /// <summary>The same control was given twice.</summary>
    GivenTwice,

    /// <summary>Who asks must name who decides at this step (<see cref="ApprovalSubmission.Approvers"/>), and nobody is named.</summary>
    MissingApprover,
}

/// <summary>One thing that is wrong with a form.</summary>
/// <param name="Fault">What is wrong.</param>
/// <param name="ControlId">The control's id; for a control that is not there, what was given; for a step, the step's id.</param>
/// <param name="ControlName">The control's name, or empty.</param>
/// <param name="ControlType">The control's wire type, or empty.</param>
/// <param name="Key">How the caller named the control; null: he did not (a missing one).</param>
/// <param name="Row">Inside a table: its id and the row, from 0, e.g. <c>widget7[1]</c>; else empty.</param>
/// <param name="Explanation">What is wrong and what was wanted, for people.</param>
public sealed record ApprovalFormProblem(
    ApprovalFormFault Fault, string ControlId, string ControlName, string ControlType, string? Key, string Row, FeishuExplanation Explanation)
{
    /// <inheritdoc/>
    public override string ToString() => Explanation.English;
}
