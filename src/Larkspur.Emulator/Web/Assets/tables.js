// The list of tables is plain links; only the stream that tells of the world is followed.
'use strict';
Page.follow(() => {}, () => {});
