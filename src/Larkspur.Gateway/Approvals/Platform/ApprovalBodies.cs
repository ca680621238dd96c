using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;
using Larkspur.Gateway.Api.Requests;
using Larkspur.Gateway.People;
using Microsoft.AspNetCore.Mvc;

namespace Larkspur.Gateway.Approvals;

/// <summary>A person, named in exactly one way.</summary>
internal record PaymentPerson(
    [property: MaxLength(254)] string? Email = null,
    [property: MaxLength(254)] string? EmployeeNo = null,
    [property: MaxLength(254)] string? Mobile = null,
    [property: MaxLength(254)] string? OpenId = null,
    [property: MaxLength(254)] string? UserId = null,
    [property: MaxLength(254)] string? UnionId = null)
    : IRequestPart
{
    /// <summary>All ways to name one.</summary>
    public (AddressKind Kind, string? Value)[] Named() =>
    [
        (AddressKind.Email, Email), (AddressKind.Mobile, Mobile), (AddressKind.EmployeeNo, EmployeeNo),
        (AddressKind.UserId, UserId), (AddressKind.OpenId, OpenId), (AddressKind.UnionId, UnionId),
    ];
}

/// <summary>An approver.</summary>
/// <param name="Node">The step, where several leave it open who decides.</param>
internal sealed record PaymentApprover([property: MaxLength(100)] string? Node = null) : PaymentPerson;

/// <summary>A payment that is to be approved.</summary>
/// <param name="Number">The business system's own number.</param>
/// <param name="Amount">Decimal; a number, or a text that holds one.</param>
/// <param name="Currency">ISO 4217.</param>
/// <param name="Submitter">Who asks for it, in exactly one way.</param>
/// <param name="Form">Values by control id, custom id or name.</param>
/// <param name="Title">What it is for.</param>
/// <param name="Payee">Who gets the money.</param>
/// <param name="Approvers">Who decides, for steps of the definition that leave it open.</param>
/// <param name="Webhook">The webhook that is told; without it all that listen to payment.decided.</param>
/// <param name="App">The app, by its configured name.</param>
/// <param name="Key">The caller's name for it, as in the header Idempotency-Key.</param>
[RequestSizeLimit(256 << 10)]
internal sealed record CreatePayment(
    [property: MaxLength(100)] string Number,
    JsonElement Amount,
    [property: MaxLength(10)] string Currency,
    PaymentPerson Submitter,
    JsonElement Form,
    [property: MaxLength(200)] string? Title = null,
    [property: MaxLength(200)] string? Payee = null,
    [property: MaxLength(100), MayBeEmpty] IReadOnlyList<PaymentApprover>? Approvers = null,
    [property: MaxLength(40)] string? Webhook = null,
    [property: MaxLength(64)] string? App = null,
    [property: MaxLength(IdempotencyKey.Longest)] string? Key = null)
    : IRequestBody<CreatePayment, ApprovalContracts>;

/// <summary>A word to those who are reminded.</summary>
/// <param name="Key">The caller's name for it, as in the header Idempotency-Key.</param>
[RequestSizeLimit(256 << 10)]
internal sealed record RemindPayment(
    [property: MaxLength(500)] string? Comment = null,
    [property: MaxLength(IdempotencyKey.Longest)] string? Key = null)
    : IRequestBody<RemindPayment, ApprovalContracts>;

/// <summary>What is asked for; the values by control id, custom id or name.</summary>
/// <param name="Key">The caller's name for it, as in the header Idempotency-Key. None where nothing is made.</param>
[RequestSizeLimit(ApprovalRelay.LargestBody)]
internal sealed record SubmitInstance(
    [property: MaxLength(128)] string ApprovalCode,
    PaymentPerson Submitter,
    [property: Refusal("wrong_type", SubmitInstance.NoForm, OfType = true, Status = 400)] JsonElement Form,
    [property: MaxLength(100), MayBeEmpty]
    [property: Refusal("wrong_type", "It must be a list of up to 100 people.", OfType = true, Status = 400)]
    IReadOnlyList<PaymentApprover>? Approvers = null,
    [property: MaxLength(128)] string? DepartmentId = null,
    [property: MaxLength(64)] string? App = null,
    [property: MaxLength(IdempotencyKey.Longest)] string? Key = null)
    : IRequestBody<SubmitInstance, ApprovalContracts>
{
    public const string NoForm = "\"form\" must be an object of the form's controls and their values.";
}

/// <summary>In whose name something is done with an instance.</summary>
internal abstract record OnBehalf : IRequestPart
{
    [MissingHint("in whose name?")]
    public required PaymentPerson User { get; init; }

    [MaxLength(64)]
    public string? App { get; init; }
}

/// <summary>A withdrawal.</summary>
[RequestSizeLimit(ApprovalRelay.LargestBody)]
internal sealed record CancelInstance : OnBehalf, IRequestBody<CancelInstance, ApprovalContracts>
{
    [MaxLength(128)]
    public string? ApprovalCode { get; init; }
}

/// <summary>Copies for people.</summary>
[RequestSizeLimit(ApprovalRelay.LargestBody)]
internal sealed record CopyInstance : OnBehalf, IRequestBody<CopyInstance, ApprovalContracts>
{
    [MaxLength(100), Refusal("wrong_type", DecideTask.NoPeople, OfType = true, Status = 400)]
    public required IReadOnlyList<PaymentPerson> People { get; init; }

    [MaxLength(2000)]
    public string? Comment { get; init; }

    [MaxLength(128)]
    public string? ApprovalCode { get; init; }
}

/// <summary>A comment.</summary>
[RequestSizeLimit(ApprovalRelay.LargestBody)]
internal sealed record CommentInstance : OnBehalf, IRequestBody<CommentInstance, ApprovalContracts>
{
    [MaxLength(2000)]
    public required string Text { get; init; }

    /// <summary>The one that it answers.</summary>
    [MaxLength(128)]
    public string? Parent { get; init; }
}

/// <summary>What is done with a task, in whose name. Which of its parts an action takes is said at its route.</summary>
[RequestSizeLimit(ApprovalRelay.LargestBody)]
internal sealed record DecideTask : OnBehalf, IRequestBody<DecideTask, ApprovalContracts>
{
    /// <summary>Members that not every action takes.</summary>
    public static readonly string[] Parts = ["comment", "form", "to", "people", "where", "method", "nodes"];

    public const string NoPeople = "It must be a list of 1 to 100 people.";

    [MaxLength(128)]
    public required string Instance { get; init; }

    [MaxLength(128)]
    public string? ApprovalCode { get; init; }

    [MaxLength(2000)]
    public string? Comment { get; init; }

    public JsonElement? Form { get; init; }

    public PaymentPerson? To { get; init; }

    [MaxLength(100), Refusal("wrong_type", NoPeople, OfType = true, Status = 400)]
    public IReadOnlyList<PaymentPerson>? People { get; init; }

    [MaxLength(20)]
    public string? Where { get; init; }

    [MaxLength(20)]
    public string? Method { get; init; }

    [MaxLength(50), MaxItemLength(128)]
    public IReadOnlyList<string>? Nodes { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, MaxDepth = RequestJson.Deepest,
    Converters = [typeof(RequestTime)])]
[JsonSerializable(typeof(CreatePayment)), JsonSerializable(typeof(RemindPayment)), JsonSerializable(typeof(SubmitInstance))]
[JsonSerializable(typeof(CancelInstance)), JsonSerializable(typeof(CopyInstance)), JsonSerializable(typeof(CommentInstance))]
[JsonSerializable(typeof(DecideTask))]
internal sealed partial class ApprovalContracts : JsonSerializerContext, IBodyContracts<ApprovalContracts>;
