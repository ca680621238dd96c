// What the page says, in both languages. Answers and their buttons come from the gateway in the session's language.

const words = {
  en: {
    title: "Assistant", as: "as {0}", welcome: "How can I help?", hello: "Hello {0}, how can I help?", closed: "This chat cannot be opened", iAm: "This is {0}. ", hint: "Ask in your own words. Answers may contain mistakes; check what matters.",
    ask: "Ask something…", send: "Send", you: "You", assistant: "Assistant", thinking: "Thinking", writing: "Writing an answer", written: "Answer complete",
    fresh: "New topic", earlier: "Earlier messages", copy: "Copy", copied: "Copied", reference: "Reference {0}",
    connecting: "Connecting…", reconnecting: "Connection lost. Connecting again…", offline: "You are offline.", sending: "Sending…", unsent: "Not sent.", retry: "Try again",
    noToken: "This chat has no session. Open it from the page that leads here.", ended: "Your session has ended. Open the chat again from the page that leads here.",
    shutOut: "You are not permitted to use this chat. Your administrator can change that.", foreign: "This chat may not be used from here.",
    limited: "That was a lot at once. Please wait a moment.", tooLong: "That is too long: at most {0} characters.", off: "No assistant is set up here.", failed: "Something went wrong. Please try again.", streams: "This chat is open in too many windows. Close some, and it goes on here.",
    attach: "Add pictures or files", remove: "Remove {0}", uploading: "Uploading…", files: "Files", picture: "Picture",
    tooManyFiles: "At most {0} files at once.", fileTooLarge: "That file is too large: at most {0} MB.", fileEmpty: "That file is empty.", fileBadType: "{0} is of a kind that is not taken here.", fileUnsent: "{0} could not be uploaded.",
    signIn: "Sign in", noTokenSignIn: "Sign in with your company account to begin.",
    filesFull: "Too many of your files are kept already. They are forgotten with their messages.", fileForgotten: "{0} waited too long and is no longer kept. Please add it again, and send once more.",
  },
  zh: {
    title: "智能助手", as: "身份：{0}", welcome: "有什么可以帮你？", hello: "{0}，你好！有什么可以帮你？", closed: "无法打开对话", iAm: "我是{0}。", hint: "直接用自己的话提问。回答可能有误，重要内容请核实。",
    ask: "输入你的问题…", send: "发送", you: "你", assistant: "助手", thinking: "正在思考", writing: "正在回答", written: "回答完毕",
    fresh: "新话题", earlier: "更早的消息", copy: "复制", copied: "已复制", reference: "编号 {0}",
    connecting: "正在连接…", reconnecting: "连接已断开，正在重新连接…", offline: "当前没有网络连接。", sending: "正在发送…", unsent: "未能发送。", retry: "重试",
    noToken: "没有可用的会话，请从原来的页面打开。", ended: "会话已结束，请从原来的页面重新打开。",
    shutOut: "你没有使用权限，可以联系管理员开通。", foreign: "此处不能使用该会话。",
    limited: "操作过于频繁，请稍等片刻。", tooLong: "内容太长了，最多 {0} 个字。", off: "这里还没有配置助手。", failed: "出了点问题，请重试。", streams: "打开的窗口过多，关闭一些后会自动恢复。",
    attach: "添加图片或文件", remove: "移除 {0}", uploading: "正在上传…", files: "文件", picture: "图片",
    tooManyFiles: "一次最多添加 {0} 个文件。", fileTooLarge: "文件太大，最多 {0} MB。", fileEmpty: "文件是空的。", fileBadType: "不支持 {0} 的格式。", fileUnsent: "{0} 未能上传。",
    signIn: "登录", noTokenSignIn: "用公司账号登录后即可开始。",
    filesFull: "你保存的文件太多了，它们会随消息一起清理。", fileForgotten: "{0} 等待太久，已不再保留，请重新添加后再发送。",
  },
};

/** The language of a tag (`zh_cn`, `en-US`), of what the page speaks. */
export const languageOf = tag => /^zh\b|^zh[_-]/i.test(tag ?? "") ? "zh" : "en";

let language = languageOf(navigator.languages?.find(tag => /^(zh|en)/i.test(tag)) ?? navigator.language);

export function speak(to) {
  language = to;
  document.documentElement.lang = to === "zh" ? "zh-CN" : "en";
}

/** A text, its `{0}` filled. */
export const say = (key, value) => words[language][key].replace("{0}", () => value);

/** What the company calls this, if it has a name of its own for it. */
export const brand = () => document.documentElement.dataset[language === "zh" ? "brandZh" : "brandEn"] || null;

/** A time as people write it. */
export const time = date => new Intl.DateTimeFormat(language === "zh" ? "zh-CN" : "en", sameDay(date) ? { timeStyle: "short" } : { dateStyle: "medium", timeStyle: "short" }).format(date);

const sameDay = date => date.toDateString() === new Date().toDateString();

speak(language);
