namespace Larkspur.Feishu.Approvals;

/// <summary>What a form control holds. Several wire types may mean the same kind (<c>radio</c> and <c>radioV2</c>).</summary>
public enum ApprovalControlKind
{
    /// <summary>A type that this SDK does not know; its value can be given as JSON only.</summary>
    Unknown,

    /// <summary>One line of text: <c>input</c>.</summary>
    Input,

    /// <summary>Several lines of text: <c>textarea</c>.</summary>
    TextArea,

    /// <summary>A number: <c>number</c>.</summary>
    Number,

    /// <summary>Money: <c>amount</c>.</summary>
    Amount,

    /// <summary>A number that the platform computes too and compares: <c>formula</c>.</summary>
    Formula,

    /// <summary>One of several options: <c>radioV2</c>.</summary>
    Radio,

    /// <summary>Some of several options: <c>checkboxV2</c>.</summary>
    Checkbox,

    /// <summary>A point in time: <c>date</c>.</summary>
    Date,

    /// <summary>From, to, and how many days: <c>dateInterval</c>.</summary>
    DateInterval,

    /// <summary>People: <c>contact</c>.</summary>
    Contact,

    /// <summary>Departments: <c>department</c>.</summary>
    Department,

    /// <summary>Other approval instances: <c>connect</c>.</summary>
    Connect,

    /// <summary>A document of the platform: <c>document</c>.</summary>
    Document,

    /// <summary>Uploaded files: <c>attachmentV2</c>.</summary>
    Attachment,

    /// <summary>Uploaded pictures: <c>image</c>.</summary>
    Image,

    /// <summary>A table whose rows have the controls of <see cref="ApprovalControl.Children"/>: <c>fieldList</c>.</summary>
    FieldList,

    /// <summary>A telephone number: <c>telephone</c>.</summary>
    Telephone,

    /// <summary>A place of the platform's districts: <c>address</c>.</summary>
    Address,

    /// <summary>Leave: <c>leaveGroupV2</c>, with the controls of <see cref="ApprovalControl.Children"/>.</summary>
    LeaveGroup,

    /// <summary>Overtime: <c>workGroup</c>, with the controls of <see cref="ApprovalControl.Children"/>.</summary>
    WorkGroup,

    /// <summary>Out of office: <c>outGroup</c>, with the controls of <see cref="ApprovalControl.Children"/>.</summary>
    OutGroup,

    /// <summary>Change of shifts: <c>shiftGroup</c>.</summary>
    ShiftGroup,

    /// <summary>Words that stand in the form: <c>text</c>. Has no value.</summary>
    Note,

    /// <summary>A number that the platform counts up itself: <c>serialNumber</c>. Has no value to give.</summary>
    SerialNumber,

    /// <summary>
    /// A type that only people can fill in, in the client: <c>mutableGroup account tripGroup remedyGroup(V2) apaascorehr…Group leaveGroup</c>. A form
    /// where one of them is required cannot be submitted through the API.
    /// </summary>
    ByHandOnly,
}
