using System.Text.Json;

namespace Larkspur.Dify;

/// <summary>One event of a stream. Kinds that this version does not know come as <see cref="DifyOther"/>: the list grows.</summary>
/// <param name="Ids">What the event belongs to.</param>
public abstract record DifyEvent(DifyIds Ids);

/// <summary>What an event belongs to; each may be missing.</summary>
/// <param name="TaskId">The running generation, for stopping it.</param>
/// <param name="MessageId">The answer, for feedback and suggested questions.</param>
/// <param name="ConversationId">The conversation, for going on with it.</param>
/// <param name="WorkflowRunId">The run, for resuming it.</param>
public readonly record struct DifyIds(string? TaskId, string? MessageId, string? ConversationId, string? WorkflowRunId);

/// <summary>More text: <c>message</c>, <c>agent_message</c>, <c>text_chunk</c>.</summary>
public sealed record DifyText(DifyIds Ids, string Delta) : DifyEvent(Ids);

/// <summary>All text so far is replaced: <c>message_replace</c> of a moderation, or the closing <c>message</c> of a New Agent app, which holds everything again.</summary>
public sealed record DifyTextReplaced(DifyIds Ids, string Text, string? Reason) : DifyEvent(Ids);

/// <summary><c>agent_thought</c>. The same <paramref name="Id"/> comes again as it grows, and replaces the one before.</summary>
public sealed record DifyThought(DifyIds Ids, string Id, int Position, string Thought, string Observation, string Tool, string ToolInput) : DifyEvent(Ids);

/// <summary><c>message_file</c>.</summary>
/// <param name="Ids">Its answer.</param>
/// <param name="Id">The file.</param>
/// <param name="Type"><c>image</c>…</param>
/// <param name="BelongsTo"><c>user</c> or <c>assistant</c>.</param>
/// <param name="Url">Where it is; Dify may give a path without host.</param>
public sealed record DifyFileMade(DifyIds Ids, string Id, string Type, string BelongsTo, string Url) : DifyEvent(Ids);

/// <summary><c>reasoning_chunk</c>: the model thinking aloud; not part of the answer.</summary>
public sealed record DifyReasoning(DifyIds Ids, string Reasoning, bool IsFinal) : DifyEvent(Ids);

/// <summary><c>message_end</c>: the answer is whole. In a Chatflow the workflow's own end follows.</summary>
public sealed record DifyMessageEnded(DifyIds Ids, DifyUsage? Usage, IReadOnlyList<DifySource> Sources) : DifyEvent(Ids);

/// <summary><c>workflow_started</c>.</summary>
public sealed record DifyWorkflowStarted(DifyIds Ids, string WorkflowId) : DifyEvent(Ids);

/// <summary><c>node_started</c>, <c>node_finished</c>, <c>node_retry</c>.</summary>
/// <param name="Ids">Its run.</param>
/// <param name="Phase"><c>started</c>, <c>finished</c>, <c>retry</c>.</param>
/// <param name="NodeId">The node.</param>
/// <param name="NodeType"><c>llm</c>, <c>knowledge-retrieval</c>…</param>
/// <param name="Title">As its maker named it.</param>
/// <param name="Status"><c>succeeded</c>, <c>failed</c>…; null at the start.</param>
/// <param name="Error">Of a failed one.</param>
public sealed record DifyNode(DifyIds Ids, string Phase, string NodeId, string NodeType, string Title, string? Status, string? Error) : DifyEvent(Ids);

/// <summary><c>workflow_finished</c>.</summary>
/// <param name="Ids">The run.</param>
/// <param name="Status"><c>succeeded</c>, <c>failed</c>, <c>partial-succeeded</c>, <c>stopped</c>.</param>
/// <param name="Error">Of a failed one.</param>
/// <param name="Outputs">By name.</param>
/// <param name="TotalTokens">If told.</param>
public sealed record DifyWorkflowFinished(DifyIds Ids, string Status, string? Error, JsonElement Outputs, int? TotalTokens) : DifyEvent(Ids);

/// <summary><c>human_input_required</c>: a person has to fill in a form before it goes on.</summary>
public sealed record DifyInputRequired(DifyIds Ids, DifyForm Form) : DifyEvent(Ids);

/// <summary><c>workflow_paused</c>: nothing follows until the form is submitted and the run resumed.</summary>
public sealed record DifyWorkflowPaused(DifyIds Ids) : DifyEvent(Ids);

/// <summary><c>tts_message</c> (MP3) and <c>tts_message_end</c> (empty).</summary>
public sealed record DifySpeech(DifyIds Ids, ReadOnlyMemory<byte> Audio, bool IsEnd) : DifyEvent(Ids);

/// <summary>Any other event.</summary>
/// <param name="Ids">What it belongs to.</param>
/// <param name="Name">Dify's word: <c>iteration_next</c>.</param>
/// <param name="Json">All of it.</param>
public sealed record DifyOther(DifyIds Ids, string Name, JsonElement Json) : DifyEvent(Ids);

/// <summary>What an answer cost. Prices are the platform's decimal texts.</summary>
public sealed record DifyUsage(int PromptTokens, int CompletionTokens, int TotalTokens, string? TotalPrice, string? Currency, double? Latency);

/// <summary>A part of a knowledge base that an answer was taken from (<c>retriever_resources</c>).</summary>
public sealed record DifySource(int Position, string DatasetName, string DocumentName, double? Score, string Content);

/// <summary>A form for a person in the middle of a run.</summary>
/// <param name="FormId">The form.</param>
/// <param name="Token">Under which it is read and submitted; null: it is delivered by e-mail and not to be had here.</param>
/// <param name="NodeTitle">The node that waits.</param>
/// <param name="Content">Markdown.</param>
/// <param name="Inputs">Fields.</param>
/// <param name="Actions">Buttons.</param>
/// <param name="ExpiresAt">End of its life, if told.</param>
public sealed record DifyForm(string FormId, string? Token, string NodeTitle, string Content, IReadOnlyList<DifyFormInput> Inputs, IReadOnlyList<DifyFormAction> Actions, DateTimeOffset? ExpiresAt);

/// <summary>A field of a form.</summary>
public sealed record DifyFormInput(string Type, string Name, string? Default);

/// <summary>A button of a form.</summary>
public sealed record DifyFormAction(string Id, string Title, string Style);
